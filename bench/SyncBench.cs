using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Coffer.Bench.Stores;
using Coffer.Testing;
using Coffer.Vaults;

namespace Coffer.Bench;

/// <summary>
/// A device learns what another one wrote: in a process whose vault is open, and as <c>coffer sync</c>, beside the same with nothing to learn. Its index has everything up to before. There is no peer that does this.
/// </summary>
internal static class SyncBench
{
    private const int SingleCommits = 1000;
    private const int CommitSize = 100;

    public static async Task RunAsync(BenchOptions options)
    {
        using var folder = TemporaryFolder.Create(options);
        await using var place = await BenchPlace.OpenAsync(options, folder);
        var writer = await CofferProgram.CreateAsync(options, folder);
        var input = await SmallFiles.MakeAsync(folder, options.Count);
        var table = new Table($"sync, {place.Title}, median of {options.Rounds}", "open process", "requests", "KiB read", "coffer sync", "nothing new", "beyond that", "processor s", "peak MiB");

        await MeasureAsync("files", $"{options.Count} files of 4 KiB of one put", options.Count, (name, _) => writer.RunAsync("put", input, $"{name}:round-{Guid.NewGuid():N}"));
        await MeasureAsync("commits", $"{SingleCommits} single commits of {CommitSize} bytes", SingleCommits, (_, vault) => WriteSinglyAsync(vault));
        table.Print();

        async Task MeasureAsync(string name, string title, int files, Func<string, Vault, Task> write)
        {
            var url = place.StartOver($"coffer-{name}");
            await writer.RunAsync("create", name, url, "--as", CofferProgram.Identity);
            var reader = writer.OtherDevice(folder.At($"reader-{name}"));
            await reader.RunAsync("join", name, url, "--creator", CofferProgram.Identity, "--as", CofferProgram.Identity);
            using var me = await IdentityFile.ReadAsync(writer.IdentityFile);
            await using var store = StoreTargets.Registry().Open(url);
            await using var counted = new CountingStore(StoreTargets.Registry().Open(url));
            await using var writing = await OpenAsync(store, me, folder.At($"writing-{name}/team.db"));
            await using var open = await OpenAsync(counted, me, folder.At($"open-{name}/team.db"));
            var runs = new List<Round>();
            // The first round is there for the runtime, which still compiles, and does not count.
            for (var round = 0; round <= options.Rounds; round++)
            {
                await write(name, writing);
                await MeasuredProcess.SettleAsync();
                counted.Reset();
                var began = Stopwatch.GetTimestamp();
                var report = await open.SyncAsync();
                var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                var requests = counted.Reset();
                var sync = await reader.RunAsync("sync", name, "--json");
                var again = await reader.RunAsync("sync", name, "--json");
                RequireEqual(report.Commits, CommitsOf(sync), "commits that 'coffer sync' learnt of");
                RequireEqual(0, CommitsOf(again), "commits that it learnt of without any being new");
                RequireEqual((long)files * (round + 1), (await open.GetStatusAsync()).Files, "files that the open vault knows");
                if (round > 0)
                    runs.Add(new Round(seconds, requests, sync, again));
            }
            var last = runs[^1].Requests;
            table.Add(title, Number(Median(runs, run => run.Seconds), "0.000"), $"{last.Stat} stat {last.List} list {last.Read} read", Number(last.BytesRead / 1024.0, "0"),
                Number(Median(runs, run => run.Sync.Seconds)), Number(Median(runs, run => run.Again.Seconds)), Number(Median(runs, run => run.Sync.Seconds - run.Again.Seconds)),
                Number(Median(runs, run => run.Sync.ProcessorSeconds)), Number(Median(runs, run => run.Sync.PeakMiB), "0"));
        }
    }

    private static Task<Vault> OpenAsync(IStore store, PrivateId me, string index) => Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = index, Creator = me.Public });

    private static async Task WriteSinglyAsync(Vault vault)
    {
        var folder = Guid.NewGuid().ToString("N");
        for (var commit = 0; commit < SingleCommits; commit++)
            await vault.WriteAsync($"{folder}/file-{commit}", FileContent.FromBytes(new byte[CommitSize]));
    }

    private static int CommitsOf(Measurement sync)
    {
        using var json = JsonDocument.Parse(sync.Output);
        return json.RootElement.GetProperty("commits").GetInt32();
    }

    private static void RequireEqual(long expected, long actual, string what)
    {
        if (expected != actual)
            throw new InvalidOperationException($"{what}: {actual}, and {expected} were expected.");
    }

    private static double Median(List<Round> runs, Func<Round, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What one round took.</summary>
    private sealed record Round(double Seconds, RequestCounts Requests, Measurement Sync, Measurement Again);
}
