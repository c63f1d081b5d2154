using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Coffer.Cli.Copying;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer store copy</c>: all objects of one store onto another, verified.</summary>
internal static class StoreCopyCommand
{
    public static Command Create()
    {
        var from = StoreCommand.Url("FROM", "The store to copy, as a URL or a folder.");
        var to = StoreCommand.Url("TO", "The store to copy it to.");
        var prefix = new Option<string>("--prefix") { Description = "Only objects whose keys begin with this text.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var replace = new Option<bool>("--replace") { Description = "Replace objects that have another content. Without this they are left, and told." };
        var sizes = new Option<bool>("--trust-sizes") { Description = "Take an object of the same size for the same, without reading both." };
        return new Command("copy", "Copy a store to another one. Done again, it goes on where it was broken off.") { from, to, prefix, replace, sizes }.Runs(async (session, parsed, cancellationToken) =>
        {
            var source = Arguments.Store(session, parsed.GetRequiredValue(from));
            var target = Arguments.Store(session, parsed.GetRequiredValue(to));
            RequireApart(StoreUrl.Parse(source), StoreUrl.Parse(target));
            var options = new StoreCopyOptions { Prefix = parsed.GetRequiredValue(prefix), Replaces = parsed.GetValue(replace), TrustsSizes = parsed.GetValue(sizes) };
            var view = await CopyAsync(session, source, target, options, cancellationToken);
            Print(session, view);
            if (view is { Copied: 0, Replaced: 0, Same: 0, Failed: 0 })
                session.Tell($"There is nothing to copy in {VisibleText.Of(source)}{(options.Prefix.Length > 0 ? $" below '{VisibleText.Of(options.Prefix)}'" : "")}. Check that this is the right place.");
            return view.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
        });
    }

    private static async Task<StoreCopyView> CopyAsync(Session session, string source, string target, StoreCopyOptions options, CancellationToken cancellationToken)
    {
        await using var from = await session.OpenStoreAsync(source, cancellationToken);
        await using var to = await session.OpenStoreAsync(target, cancellationToken);
        var clock = Stopwatch.StartNew();
        CopyLog? log = null;
        await TransferProgress.RunAsync(session.Invocation, "copy", async progress =>
        {
            log = new CopyLog(line => progress.Tell("coffer: " + line));
            await new StoreCopy(from, to, options, log, progress).RunAsync(cancellationToken);
        });
        return log!.View(clock.Elapsed);
    }

    /// <summary>A copy into itself would never end.</summary>
    private static void RequireApart(StoreUrl from, StoreUrl to)
    {
        if (from.Scheme == to.Scheme && from.Port == to.Port && from.Host.Equals(to.Host, StringComparison.OrdinalIgnoreCase)
            && from.Options.GetValueOrDefault("endpoint") == to.Options.GetValueOrDefault("endpoint")
            && (IsAtOrBelow(from.Path, to.Path) || IsAtOrBelow(to.Path, from.Path)))
        {
            throw ToolException.Usage("One of the two stores lies within the other. Copy to a place beside it.");
        }
    }

    private static bool IsAtOrBelow(string path, string other) => (path + "/").StartsWith(other + "/", StringComparison.Ordinal);

    private static void Print(Session session, StoreCopyView view)
    {
        if (session.Json)
        {
            session.WriteJson(view, ViewJson.Readable.StoreCopyView);
            return;
        }
        var line = new StringBuilder($"copied {Quantity.Of(view.Copied, "object")}");
        if (view.Replaced > 0)
            line.Append($", replaced {view.Replaced}");
        line.Append($", {ByteSize.Format(view.Bytes)}, in {view.Seconds:0.0} s");
        if (view.Same > 0)
            line.Append($"; {view.Same} were there already");
        if (view.Failed > 0)
            line.Append($"; {view.Failed} failed");
        session.Out.WriteLine(line);
    }
}
