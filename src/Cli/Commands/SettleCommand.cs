using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer settle</c>: an admin says for all members what counts of a writer of which something is lost, or that went two ways.</summary>
internal static class SettleCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var writer = new Argument<string?>("WRITER") { Description = "The writer to settle, as listed; without one, all that can be settled are listed.", Arity = ArgumentArity.ZeroOrOne };
        var keep = new Option<string?>("--keep") { Description = "The chain that counts, by the beginning of its hash. Needed where a writer went two ways.", HelpName = "HASH" };
        var yes = Arguments.Yes();
        return new Command("settle", "Say for all members what counts where something is lost for ever, or a writer went two ways. For admins.") { name, writer, keep, yes }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            opened.RequireIdentity();
            var unsettled = await opened.Vault.GetUnsettledAsync(cancellationToken);
            if (parsed.GetValue(writer) is not { } wanted)
            {
                await ListAsync(session, chosen, unsettled);
                return;
            }
            var line = unsettled.FirstOrDefault(line => line.Writer == wanted)
                ?? throw new ToolException($"There is nothing to settle about a writer '{Parsing.Excerpt.Of(wanted)}' of '{chosen}'. 'coffer settle {chosen}' lists what there is.");
            var chain = ChainOf(line, parsed.GetValue(keep));
            await Confirmation.RequireAsync(WhatHappens(line, chain, chosen), parsed.GetValue(yes), cancellationToken);
            await opened.Vault.SettleAsync(line, chain, cancellationToken);
            if (session.Json)
                session.WriteJson([ViewOf(line with { Chains = [chain] })], ViewJson.Readable.IReadOnlyListUnsettledView);
            else
                await session.Out.WriteLineAsync($"settled {line.Writer}: it counts up to {chain.Last}{(chain.Lost.Count == 0 ? "" : $", without {string.Join(", ", chain.Lost)}")}");
        });
    }

    private static WriterChain ChainOf(UnsettledWriter line, string? keep)
    {
        if (keep is null)
        {
            return line.Chains.Count == 1
                ? line.Chains[0]
                : throw new ToolException($"{line.Author.Fingerprint} signed several commits of writer {line.Writer} under one number. Say which chain counts, with --keep and the beginning of its hash: {string.Join(", ", line.Chains.Select(static chain => chain.Hash[..16]))}.");
        }
        var found = line.Chains.Where(chain => keep.Length > 0 && chain.Hash.StartsWith(keep, StringComparison.OrdinalIgnoreCase)).ToList();
        return found is [var one] ? one : throw new ToolException($"'{Parsing.Excerpt.Of(keep)}' is the beginning of {(found.Count == 0 ? "no" : "more than one")} hash here: {string.Join(", ", line.Chains.Select(static chain => chain.Hash[..16]))}.");
    }

    private static string WhatHappens(UnsettledWriter line, WriterChain chain, string name) =>
        $"For all members of '{name}', {Quantity.Of(chain.LostCommits, "commit")} of writer {line.Writer} of {line.Author.Fingerprint} will be lost for ever"
        + (chain.Lost.Count == 0 ? "" : $" ({string.Join(", ", chain.Lost)})")
        + (line.Chains.Count > 1 ? ", and what stands on its other chain counts for nobody" : "")
        + ". Whoever still has them can put them back with 'coffer repair' now, and not afterwards.";

    private static async Task ListAsync(Session session, string name, IReadOnlyList<UnsettledWriter> unsettled)
    {
        if (session.Json)
        {
            session.WriteJson([.. unsettled.Select(ViewOf)], ViewJson.Readable.IReadOnlyListUnsettledView);
            return;
        }
        if (unsettled.Count == 0)
            await session.Out.WriteLineAsync("nothing to settle");
        foreach (var line in unsettled)
        {
            await session.Out.WriteLineAsync($"{line.Writer}  of {line.Author.Fingerprint}{(line.Chains.Count > 1 ? ", which went several ways" : "")}");
            foreach (var chain in line.Chains)
                await session.Out.WriteLineAsync($"  {chain.Hash[..16]}  up to {chain.Last}, {Quantity.Of(chain.Commits, "commit")} here{(chain.Newest is { } newest ? $", the newest of {EntryText.Time(newest)}" : "")}{(chain.Lost.Count == 0 ? "" : $"; lost: {string.Join(", ", chain.Lost)}")}");
        }
        if (unsettled.Count > 0)
            session.Tell($"have everybody run 'coffer repair' first; then 'coffer settle {name} WRITER' says for all members that what is listed as lost is lost.");
    }

    private static UnsettledView ViewOf(UnsettledWriter line) => new(
        line.Writer, line.Author.ToString(), [.. line.Chains.Select(static chain => new ChainView(chain.Hash, chain.Last, chain.Commits, chain.Newest, [.. chain.Lost.Select(static range => new RangeView(range.First, range.Last))]))]);
}
