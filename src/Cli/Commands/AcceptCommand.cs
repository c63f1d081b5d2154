using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer accept</c>: lists what is not as it must be, or lets this device go on in spite of some of it.</summary>
internal static class AcceptCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var numbers = new Argument<long[]>("NUMBER") { Description = "Findings to accept, by their numbers; without any, they are listed.", Arity = ArgumentArity.ZeroOrMore };
        return new Command("accept", "List the findings about a vault, or accept some, on this device alone: it goes on in spite of them.") { name, numbers }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            var open = opened.Vault.GetFindings().Where(static finding => !finding.IsAccepted).ToList();
            var wanted = parsed.GetValue(numbers) ?? [];
            if (wanted.FirstOrDefault(number => !open.Exists(finding => finding.Number == number)) is > 0 and var unknown)
                throw new ToolException($"There is no open finding {unknown} about '{chosen}', so none was accepted. 'coffer accept {chosen}' lists them.");
            foreach (var number in wanted)
                opened.Vault.AcceptFinding(number);
            var shown = open.Where(finding => wanted.Length == 0 || wanted.Contains(finding.Number)).Select(FindingLines.ViewOf).ToList();
            if (session.Json)
                session.WriteJson(shown, ViewJson.Readable.IReadOnlyListFindingView);
            else if (wanted.Length > 0)
                await session.Out.WriteLineAsync($"accepted {Quantity.Of(wanted.Length, "finding")}; {open.Count - wanted.Length} left");
            else if (shown.Count == 0)
                await session.Out.WriteLineAsync("no findings");
            else
                shown.ForEach(finding => FindingLines.Write(session.Out, finding));
        });
    }
}
