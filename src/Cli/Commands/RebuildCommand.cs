using System.CommandLine;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer rebuild</c>: makes the local index anew, from the store alone.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("rebuild", "Make the local index anew from the store.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            await using var opened = await session.OpenVaultAsync(parsed.GetRequiredValue(name), cancellationToken);
            await opened.Vault.RebuildIndexAsync(cancellationToken);
            await StatusCommand.PrintAsync(session, parsed.GetRequiredValue(name), opened, cancellationToken);
        });
    }
}
