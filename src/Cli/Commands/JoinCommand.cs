using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer join</c>: opens a vault that somebody else made, and keeps it under a name in this home.</summary>
internal static class JoinCommand
{
    // Of every version, so that one that is too new is not taken for something else.
    private const string InvitationMark = "coffer-invite-";

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What to call the vault in this home." };
        var from = new Argument<string>("INVITATION") { Description = "An invitation; or, with --creator, the store's URL." };
        var identity = Arguments.IdentityUnlessPublic();
        var creator = new Option<string?>("--creator") { Description = "The creator, when there is no invitation: a public id, or the name of an identity of this home. The store is trusted once.", HelpName = Arguments.Who };
        var realm = Arguments.Realm();
        var place = new Option<string?>("--url") { Description = "The store's URL as this machine reaches it, in place of the invitation's.", HelpName = "URL" };
        return new Command("join", "Open a vault that somebody else made.") { name, from, identity, creator, realm, place }.Runs(async (session, parsed, cancellationToken) =>
        {
            var (chosen, text, other) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(from), parsed.GetValue(place));
            if (IsInvitation(chosen) || chosen.Contains("://", StringComparison.Ordinal))
                throw ToolException.Usage($"The vault's name in this home comes first, then {(IsInvitation(chosen) ? "the invitation: coffer join NAME INVITATION" : "the URL: coffer join NAME URL")}");
            var registration = new VaultRegistration(session, chosen, parsed.GetValue(identity));
            var options = new VaultOpenOptions { IndexPath = registration.IndexPath };
            var named = parsed.GetResult(realm) is { Implicit: false } ? parsed.GetRequiredValue(realm) : null;
            if (parsed.GetValue(creator) is { } id)
            {
                if (IsInvitation(text))
                    throw ToolException.Usage("An invitation names the creator itself. Leave --creator out; or, to join without the invitation, write the store's URL in its place.");
                if (other is not null)
                    throw ToolException.Usage("With --creator, the store's URL stands where else the invitation does; leave --url out.");
                options = options with
                {
                    Creator = await PersonReference.ReadWithoutVaultAsync(session.Home, creator.Name, id, cancellationToken),
                    Realm = parsed.GetRequiredValue(realm),
                };
                var url = Arguments.Store(session, text);
                RequireIdentityUnlessPublic(parsed.GetValue(identity), options.Realm);
                await registration.JoinAsync(url, options, cancellationToken);
                session.Tell("Joined by the creator's id alone: this first time, the store was trusted to show all of the ledger. An invitation would have said how long it must be.");
                return;
            }
            if (!IsInvitation(text))
            {
                throw ToolException.Usage(
                    $"'{Excerpt.Of(text)}' is no invitation, which 'coffer invite' prints and which begins with '{InvitationMark}'. To join by a store's URL, name the creator too: --creator WHO.");
            }
            var invitation = Arguments.Read(text, Invitation.Parse);
            if (named is not null && named != invitation.Realm)
                throw ToolException.Usage($"This invitation is to a vault in the realm '{invitation.Realm}', and not in '{Excerpt.Of(named)}'. Leave --realm out: an invitation names its realm itself.");
            options = options with { Creator = invitation.Creator, Realm = invitation.Realm, Pin = invitation };
            RequireIdentityUnlessPublic(parsed.GetValue(identity), options.Realm);
            if (other is null && invitation.StoreUrl.Length == 0)
                throw ToolException.Usage("This invitation does not say where the store is. Add --url URL.");
            // What an older tool, or somebody with a purpose, put there about files and proxies is not the business of this machine.
            var reached = other is null ? Arguments.Read(invitation.StoreUrl, session.PlaceOf) : Arguments.Store(session, other);
            await registration.JoinAsync(reached, options, cancellationToken);
        });
    }

    private static bool IsInvitation(string text) => text.TrimStart().StartsWith(InvitationMark, StringComparison.Ordinal);

    private static void RequireIdentityUnlessPublic(string? identity, string realm)
    {
        if (identity is null && realm != Vault.PublicRealm)
            throw ToolException.Usage($"The vault in the realm '{realm}' is encrypted: say with --as which identity of this home opens it. Only the realm '{Vault.PublicRealm}' can be read without one.");
    }
}
