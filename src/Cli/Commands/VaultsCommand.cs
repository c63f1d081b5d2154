using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer vaults</c>: the vaults of this home.</summary>
internal static class VaultsCommand
{
    public static Command Create() => new Command("vaults", "List the vaults of this home.").Runs(async (session, _, cancellationToken) =>
    {
        var vaults = new List<VaultView>();
        var code = ExitCode.Success;
        foreach (var name in session.Home.Vaults())
        {
            try
            {
                vaults.Add(View(name, await VaultEntry.ReadAsync(session.Home, name, cancellationToken)));
            }
            catch (ToolException e)
            {
                session.Tell(ErrorText.Of(e));
                code = ExitCode.Failure;
            }
        }
        if (session.Json)
        {
            session.WriteJson(vaults, ViewJson.Readable.IReadOnlyListVaultView);
            return code;
        }
        var columns = new Columns();
        foreach (var vault in vaults)
            columns.Add(vault.Name, vault.Identity is { } identity ? $"as {identity}" : "only reading", vault.Realm, VisibleText.Of(vault.Url));
        columns.WriteTo(session.Out);
        return code;
    });

    public static VaultView View(string name, VaultEntry entry) => new(name, entry.Url, entry.Realm, entry.Identity, entry.Creator, entry.VaultId);
}
