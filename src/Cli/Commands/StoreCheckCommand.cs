using System.CommandLine;
using Coffer.Cli.Checking;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer store check</c>: tries everything that a store may be able to do against the live server.</summary>
internal static class StoreCheckCommand
{
    private const string DefaultSize = "8MiB";

    public static Command Create()
    {
        var url = StoreCommand.Url("URL", "The store, such as s3://bucket/prefix?region=eu-central-1, or a folder such as ./coffer.");
        var size = new Option<string>("--size") { Description = "How large the object is by which the speed is measured.", HelpName = "SIZE", DefaultValueFactory = _ => DefaultSize };
        return new Command("check", "Try out what a store can do, how fast it is, and whether a vault can live there.") { url, size }.Runs(async (session, parsed, cancellationToken) =>
        {
            var place = Arguments.Store(session, parsed.GetRequiredValue(url));
            var bytes = Arguments.Read(parsed.GetRequiredValue(size), ByteSize.Parse);
            if (bytes < 1)
                throw ToolException.Usage("The size is one byte or more.");
            StoreCheckResult? result = null;
            await TransferProgress.RunAsync(session.Invocation, "check", async progress =>
            {
                progress.Expect(StoreCheck.Trials.Count);
                result = await new StoreCheck(token => session.OpenStoreAsync(place, token), session.Tell).RunAsync(bytes, _ => progress.Advance(1), cancellationToken);
            });
            Print(session, result!, bytes);
            return result!.CanHoldVault ? ExitCode.Success : ExitCode.Failure;
        });
    }

    private static void Print(Session session, StoreCheckResult result, long size)
    {
        if (session.Json)
        {
            session.WriteJson(View(result, size), ViewJson.Readable.StoreCheckView);
            return;
        }
        var columns = new Columns();
        foreach (var (trial, answer) in result.Results)
            columns.Add(trial.Name, Word(answer.Outcome), VisibleText.Of(Note(trial, answer)));
        if (result.Speed is { } speed)
        {
            columns.Add("round trip", RoundTrip(speed.RoundTrip));
            columns.Add($"put {ByteSize.Format(size)}", ByteSize.Format((long)speed.PutBytesPerSecond) + "/s");
            columns.Add($"get {ByteSize.Format(size)}", ByteSize.Format((long)speed.GetBytesPerSecond) + "/s");
        }
        columns.WriteTo(session.Out);
        session.Out.WriteLine(result.CanHoldVault ? "A vault can live here." : "No vault can live here.");
    }

    /// <summary>A local disk answers within microseconds, a server within milliseconds.</summary>
    internal static string RoundTrip(TimeSpan time) => time.TotalMilliseconds < 0.1 ? $"{time.TotalMilliseconds:0.000} ms" : $"{time.TotalMilliseconds:0.0} ms";

    /// <summary>What was seen and, where something is missing, what that means.</summary>
    private static string Note(StoreTrial trial, TrialAnswer answer) => answer.Outcome == TrialOutcome.Works
        ? answer.Note
        : string.Join("; ", new[] { answer.Note, Meaning(trial) }.Where(part => part.Length > 0));

    private static string Meaning(StoreTrial trial) => !trial.IsNeeded ? trial.Otherwise : trial.Otherwise.Length == 0 ? "a vault needs it" : "a vault needs it: " + trial.Otherwise;

    private static string Word(TrialOutcome outcome) => outcome switch
    {
        TrialOutcome.Works => "works",
        TrialOutcome.Lacks => "missing",
        _ => "FAILS",
    };

    private static StoreCheckView View(StoreCheckResult result, long size) => new(
        result.StoreName,
        result.CanHoldVault,
        [.. result.Results.Select(one => new TrialView(one.Trial.Name, Word(one.Answer.Outcome).ToLowerInvariant(), one.Trial.IsNeeded, one.Answer.Note,
            one.Answer.Outcome == TrialOutcome.Works ? null : Meaning(one.Trial)))],
        result.Speed?.RoundTrip.TotalSeconds,
        size,
        result.Speed?.PutBytesPerSecond,
        result.Speed?.GetBytesPerSecond);
}
