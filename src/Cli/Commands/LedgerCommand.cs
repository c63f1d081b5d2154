using System.CommandLine;
using System.Globalization;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer ledger</c>: who was given what access by whom, block by block.</summary>
internal static class LedgerCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("ledger", "Show the ledger, block by block.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            await using var opened = await session.OpenVaultAsync(parsed.GetRequiredValue(name), cancellationToken);
            var people = await People.OfAsync(session.Home, cancellationToken);
            var blocks = await opened.Vault.GetLedgerAsync(cancellationToken);
            if (session.Json)
            {
                session.WriteJson(
                    [.. blocks.Select(block => new BlockView(
                        block.Height, block.Slot, block.Hash, block.Time, block.Author.ToString(), block.Author.Fingerprint, people.NameOf(block.Author), block.Changes))],
                    ViewJson.Readable.IReadOnlyListBlockView);
                return;
            }
            foreach (var block in blocks)
            {
                var author = block.Author.Fingerprint + (people.NameOf(block.Author) is { } known ? $" ({known})" : "");
                await session.Out.WriteLineAsync($"block {block.Height.ToString(CultureInfo.InvariantCulture)}  {EntryText.Time(block.Time)}  by {author}");
                foreach (var change in block.Changes)
                    await session.Out.WriteLineAsync("  " + VisibleText.Of(change));
                await session.Out.WriteLineAsync($"  hash {block.Hash}{(block.Slot == block.Height ? "" : $", in slot {block.Slot.ToString(CultureInfo.InvariantCulture)}")}");
            }
        });
    }
}
