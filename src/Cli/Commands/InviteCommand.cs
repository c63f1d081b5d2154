using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer invite</c>: what a new member needs to find the vault, and to know that it is the right one. It holds no secret.</summary>
internal static class InviteCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("invite", "Print an invitation, to be given to a member over a channel that nobody can alter.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            await using var opened = await session.OpenVaultAsync(parsed.GetRequiredValue(name), cancellationToken);
            var invitation = await opened.Vault.InviteAsync(session.PlaceOf(opened.Entry.Url), cancellationToken);
            if (session.Json)
            {
                var view = new InvitationView(
                    invitation.ToString(), invitation.StoreUrl, invitation.Realm, invitation.Creator.ToString(), invitation.VaultId);
                session.WriteJson(view, ViewJson.Readable.InvitationView);
                return;
            }
            await session.Out.WriteLineAsync($"An invitation to the vault at {VisibleText.Of(invitation.StoreUrl)}, created by {invitation.Creator.Fingerprint}.");
            await session.Out.WriteLineAsync(opened.Vault.IsPublic
                ? "Whoever has it can read the vault, which is public; who shall write must be granted access as well. Send it so that nobody can alter it."
                : "It holds no secret and lets nobody in: grant access to the member as well. Send it so that nobody can alter it.");
            await session.Out.WriteLineAsync(invitation.ToString());
        });
    }
}
