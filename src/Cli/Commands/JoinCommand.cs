using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer join</c>: opens a vault that somebody else made, and keeps it under a name in this home.</summary>
internal static class JoinCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What to call the vault in this home." };
        var from = new Argument<string>("INVITATION") { Description = "An invitation; or, with --creator, the store's URL." };
        var identity = Arguments.IdentityUnlessPublic();
        var creator = new Option<string?>("--creator") { Description = "The creator's public id, when there is no invitation. The store is trusted once.", HelpName = "PUBLIC_ID" };
        var realm = Arguments.Realm();
        var place = new Option<string?>("--url") { Description = "The store's URL as this machine reaches it, in place of the invitation's.", HelpName = "URL" };
        return new Command("join", "Open a vault that somebody else made.") { name, from, identity, creator, realm, place }.Runs(async (session, parsed, cancellationToken) =>
        {
            var registration = new VaultRegistration(session, parsed.GetRequiredValue(name), parsed.GetValue(identity));
            var text = parsed.GetRequiredValue(from);
            var options = new VaultOpenOptions { IndexPath = registration.IndexPath };
            var other = parsed.GetValue(place);
            if (parsed.GetValue(creator) is { } id)
            {
                if (other is not null)
                    throw ToolException.Usage("With --creator, the store's URL stands where else the invitation does; leave --url out.");
                options = options with { Creator = Arguments.Read(id, PublicId.Parse), Realm = parsed.GetRequiredValue(realm) };
                var url = Arguments.Read(text, StorePlace.Parse);
                RequireIdentityUnlessPublic(parsed.GetValue(identity), options.Realm);
                await registration.JoinAsync(url, options, cancellationToken);
                session.Tell("Joined by the creator's id alone: this first time, the store was trusted to show all of the ledger. An invitation would have said how long it must be.");
                return;
            }
            var invitation = InvitationOf(text);
            options = options with { Creator = invitation.Creator, Realm = invitation.Realm, Pin = invitation };
            RequireIdentityUnlessPublic(parsed.GetValue(identity), options.Realm);
            var reached = other is null ? invitation.StoreUrl : Arguments.Read(other, StorePlace.Parse);
            if (reached.Length == 0)
                throw ToolException.Usage("This invitation does not say where the store is. Add --url URL.");
            await registration.JoinAsync(reached, options, cancellationToken);
        });
    }

    private static void RequireIdentityUnlessPublic(string? identity, string realm)
    {
        if (identity is null && realm != Vault.PublicRealm)
            throw ToolException.Usage($"The vault in the realm '{realm}' is encrypted: say with --as which identity of this home opens it. Only the realm '{Vault.PublicRealm}' can be read without one.");
    }

    private static Invitation InvitationOf(string text) => text.Contains("://", StringComparison.Ordinal)
        ? throw ToolException.Usage("To join by a store's URL, name the creator too: --creator PUBLIC_ID. With an invitation, that is not needed.")
        : Arguments.Read(text, Invitation.Parse);
}
