using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer forget</c>: takes a vault out of this home. The store is not touched.</summary>
internal static class ForgetCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var yes = Arguments.Yes();
        return new Command("forget", "Take a vault out of this home. The store and the identity stay as they are.") { name, yes }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            using var alone = await session.Home.LockAsync(cancellationToken);
            var entry = await VaultEntry.ReadAsync(session.Home, chosen, cancellationToken);
            await Confirmation.RequireAsync(WhatIsLost(chosen, entry), parsed.GetValue(yes), cancellationToken);
            // The name goes first: files of an index that nobody names are removed when somebody takes the name.
            File.Delete(session.Home.VaultPath(chosen));
            session.Home.RemoveIndex(chosen);
            if (session.Json)
            {
                session.WriteJson(VaultsCommand.View(chosen, entry), ViewJson.Readable.VaultView);
                return;
            }
            await session.Out.WriteLineAsync($"forgot {chosen}");
            session.Tell($"The vault is still on the store. To open it again: coffer join {chosen} {VisibleText.Of(entry.Url)} --creator {entry.Creator} --realm {entry.Realm}{(entry.Identity is { } identity ? " --as " + identity : "")}");
        });
    }

    private static string WhatIsLost(string name, VaultEntry entry) =>
        $"This home forgets the vault '{name}' ({VisibleText.Of(entry.Url)}), and loses what only it knows: writes that are not on the store yet, findings, "
        + "and how much of the vault it has seen, by which it would notice that the store shows less. The store, the other members and the identity stay as they are.";
}
