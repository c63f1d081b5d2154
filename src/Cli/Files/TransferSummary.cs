using System.Diagnostics;
using System.Text;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Files;

/// <summary>What a put or get did, to be printed at its end.</summary>
internal sealed record TransferSummary(TransferView View)
{
    public int ExitCode => View.Failed == 0 ? Invocation.ExitCode.Success : Invocation.ExitCode.Failure;

    /// <summary>Runs a transfer under a progress bar, and takes its time.</summary>
    public static async Task<TransferSummary> RunAsync(Session session, string title, Func<TransferLog, TransferProgress, Task> transfer)
    {
        var clock = Stopwatch.StartNew();
        TransferLog? log = null;
        await TransferProgress.RunAsync(session.Invocation, title, async progress =>
        {
            log = new TransferLog(line => progress.Tell("coffer: " + line));
            await transfer(log, progress);
        });
        return new TransferSummary(log!.View(clock.Elapsed));
    }

    /// <summary>Prints it: <c>put 12 files, 3.40 MiB, in 1.2 s</c>.</summary>
    /// <param name="session">The session.</param>
    /// <param name="verb">What was done.</param>
    /// <param name="more">What stands at the end of the line.</param>
    public void Print(Session session, string verb, string more = "")
    {
        if (session.Json)
        {
            session.WriteJson(View, ViewJson.Readable.TransferView);
            return;
        }
        var line = new StringBuilder($"{verb} {Quantity.Of(View.Files, "file")}");
        if (View.Links > 0)
            line.Append(", ").Append(Quantity.Of(View.Links, "link"));
        if (View.Folders > 0)
            line.Append(", ").Append(Quantity.Of(View.Folders, "folder"));
        line.Append($", {ByteSize.Format(View.Bytes)}, in {View.Seconds:0.0} s");
        if (View.Failed > 0)
            line.Append($"; {View.Failed} failed");
        session.Out.WriteLine(line.Append(more));
    }
}
