using System.CommandLine;
using System.CommandLine.Parsing;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer put</c>: files and folders of this machine into a vault.</summary>
internal static class PutCommand
{
    public static Command Create()
    {
        // One argument for the parser, which would give all that is there to the first of two; the name is how help should show it.
        var paths = new Argument<string[]>("SRC>... <NAME:PATH")
        {
            Description = "Files and folders of this machine, or '-' for standard input; and last, where they go. "
                + "A source keeps its name when PATH ends in '/', is empty, or there are several sources; else PATH is its new name.",
            Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
        };
        var recipient = new Option<string?>("--to") { Description = "Seal them to this member: nobody else but you can read them, not even their names. In a public vault to anybody, by the whole public id.", HelpName = Arguments.Who };
        var later = new Option<bool>("--async") { Description = "Only keep them on this machine's disk, encrypted, to be sent later: by 'coffer sync', 'status', 'housekeep' or 'pending --wait'." };
        return new Command("put", "Put files and folders into a vault.") { paths, recipient, later }.Runs(async (session, parsed, cancellationToken) =>
        {
            var given = parsed.GetRequiredValue(paths);
            var target = Arguments.Read(given[^1], VaultPlace.Parse);
            RefuseUnknownOption(parsed, given);
            var to = await Arguments.PersonAsync(session, parsed, recipient, target.Vault, cancellationToken);
            var plan = PutPlan.Make(given[..^1], target);
            await using var opened = await session.OpenVaultAsync(target.Vault, cancellationToken);
            opened.RequireIdentity();
            var member = to is null ? null : await to.FindAsync(opened, others: null, cancellationToken);
            foreach (var (source, path) in plan)
                await CheckTargetAsync(opened.Vault, source, target with { Path = path }, cancellationToken);
            var mode = parsed.GetValue(later) ? WriteMode.Async : WriteMode.Sync;
            var summary = await TransferSummary.RunAsync(session, $"put {target.Vault}:", async (log, progress) =>
            {
                using var upload = new Upload(opened.Vault, member, mode, log, progress);
                if (plan[0].LocalPath == PutPlan.Input)
                    await upload.WriteStreamAsync(plan[0].VaultPath, new StandardInput(), cancellationToken);
                else
                    await PutAsync(upload, plan, log, progress, cancellationToken);
            });
            summary.Print(session, mode == WriteMode.Sync ? "put" : "accepted", member is null ? "" : $", sealed to {(await opened.PeopleAsync(cancellationToken)).Full(member)}");
            if (mode == WriteMode.Async)
                session.Tell($"They are on this machine's disk, and not in the vault yet. 'coffer sync {target.Vault}' sends them; 'coffer pending {target.Vault}' shows what is left.");
            return summary.ExitCode;
        });
    }

    /// <summary>Sources take all that the parser does not know, an option that was mistyped too.</summary>
    private static void RefuseUnknownOption(ParseResult parsed, string[] given)
    {
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return;
        if (given.FirstOrDefault(source => source.Length > 1 && source[0] == '-' && !Path.Exists(source)) is { } unknown)
            throw ToolException.Usage($"'coffer put' has no option '{Excerpt.Of(unknown)}'. 'coffer put --help' shows what there is; a file of that name is written ./{Excerpt.Of(unknown)}");
    }

    private static async Task PutAsync(
        Upload upload, IReadOnlyList<(string LocalPath, string VaultPath)> plan, TransferLog log, TransferProgress progress, CancellationToken cancellationToken)
    {
        var tree = new LocalTree(log.Fail);
        var counted = progress.IsShown ? Task.Run(() => Count(plan, progress, cancellationToken), cancellationToken) : Task.CompletedTask;
        await upload.RunAsync(plan.SelectMany(pair => tree.Walk(pair.LocalPath, pair.VaultPath)), cancellationToken);
        await counted;
    }

    /// <summary>A walk of its own, ahead of the other, for the bar alone.</summary>
    private static void Count(IReadOnlyList<(string LocalPath, string VaultPath)> plan, TransferProgress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in plan.SelectMany(pair => new LocalTree((_, _) => { }).Walk(pair.LocalPath, pair.VaultPath)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Expect(entry.Size);
        }
    }

    /// <summary>A vault can hold a file 'a' beside 'a/b', a file system cannot; so that is refused here, as far as a look at the target tells.</summary>
    private static async Task CheckTargetAsync(Vault vault, string source, VaultPlace target, CancellationToken cancellationToken)
    {
        if (target.IsRoot)
            return;
        var isFolder = Directory.Exists(source) && new FileInfo(source).LinkTarget is null;
        if (isFolder)
        {
            if (await vault.StatAsync(target.Path, cancellationToken: cancellationToken) is { } file && EntryFacts.Parse(file.Attributes.Span).Kind != EntryKind.Folder)
                throw new ToolException($"{target} is a file, and {source} is a folder. Remove the file first, or choose another path.");
            return;
        }
        await foreach (var _ in vault.ListAsync(target.Path, new ListFilesOptions { Limit = 1 }, cancellationToken))
            throw new ToolException($"{target} is a folder, and {source} is not. To put it inside, write {target}/");
    }
}
