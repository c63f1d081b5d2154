using System.Diagnostics;
using System.Globalization;
using Coffer.TestServers;

namespace Coffer.Bench.Stores;

/// <summary>Stores against real servers on loopback, beside who else could do it, in the same run.</summary>
internal static class StoreBench
{
    private const int SmallSize = 4096;
    private const long Streamed = 1L << 30;

    public static async Task RunAsync(BenchOptions options)
    {
        var targets = options.Names.Count == 0 ? StoreTargets.All : [.. options.Names.Select(Named)];
        using var folder = TemporaryFolder.Create(options);
        await using var servers = await BenchServers.StartAsync(folder, [.. targets.Select(target => target.Server).OfType<string>().Distinct()]);
        var large = await folder.WriteRandomFileAsync("large", (long)options.Size << 20);
        var small = Directory.CreateDirectory(folder.At("small")).FullName;
        for (var file = 0; file < options.Count; file++)
            await folder.WriteRandomFileAsync(Path.Combine("small", $"file-{file}"), SmallSize);
        var rclone = await RcloneTool.CreateAsync(folder);
        var table = new Table($"median of {options.Rounds}, in turn", "coffer", "peer", "ratio", "");
        foreach (var target in targets)
        {
            await MeasureLargeAsync(target, options, folder, large, table);
            await MeasureSmallAsync(target, options, folder, small, rclone, table);
            await MeasureMemoryAsync(target, folder, table);
        }
        table.Print();
    }

    private static StoreTarget Named(string name) => StoreTargets.All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"There is no store '{name}' to measure; there are: {string.Join(", ", StoreTargets.All.Select(target => target.Name))}");

    /// <summary>One file, with what is in this process: the first round warms both up and does not count.</summary>
    private static async Task MeasureLargeAsync(StoreTarget target, BenchOptions options, TemporaryFolder folder, string file, Table table)
    {
        var url = TestServer.Below(target.Url(folder), "large");
        IStorePeer[] both = [new StorePeer(StoreTargets.Registry(), url), target.Peer(url, folder)];
        var puts = new[] { new List<double>(), new List<double>() };
        var gets = new[] { new List<double>(), new List<double>() };
        for (var round = 0; round <= options.Rounds; round++)
        {
            // Who is first changes, so that nobody always pays for the other.
            foreach (var who in round % 2 == 0 ? [0, 1] : new[] { 1, 0 })
            {
                await MeasuredProcess.SettleAsync();
                var put = await TimeAsync(() => both[who].PutAsync(file, $"object-{who}"));
                await MeasuredProcess.SettleAsync();
                var get = await TimeAsync(() => both[who].GetAsync($"object-{who}", folder.At("got")));
                await MeasuredProcess.RunAsync("cmp", [file, folder.At("got")]);
                folder.Delete("got");
                if (round > 0)
                {
                    puts[who].Add(put);
                    gets[who].Add(get);
                }
            }
        }
        Add(table, $"{target.Name}: put {options.Size} MiB", puts, both[1].Name);
        Add(table, $"{target.Name}: get {options.Size} MiB", gets, both[1].Name);
    }

    /// <summary>Many small files, 16 at a time, each side a process that begins and ends.</summary>
    private static async Task MeasureSmallAsync(StoreTarget target, BenchOptions options, TemporaryFolder folder, string files, RcloneTool rclone, Table table)
    {
        var puts = new[] { new List<double>(), new List<double>() };
        var gets = new[] { new List<double>(), new List<double>() };
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var who in round % 2 == 0 ? [0, 1] : new[] { 1, 0 })
            {
                var name = $"small-{round}-{who}";
                var url = TestServer.Below(target.Url(folder), name);
                var remote = target.Rclone(StoreUrl.Parse(target.Url(folder)));
                await MeasuredProcess.SettleAsync();
                var put = who == 0 ? await StoreChild.MeasureAsync("put-many", url, files) : await rclone.PutAsync(files, remote, name);
                await MeasuredProcess.SettleAsync();
                var get = who == 0 ? await StoreChild.MeasureAsync("get-many", url, folder.At("got")) : await rclone.GetAsync(remote, name, folder.At("got"));
                await MeasuredProcess.RunAsync("diff", ["-rq", files, folder.At("got")]);
                folder.Delete("got");
                if (round > 0)
                {
                    puts[who].Add(put.Seconds);
                    gets[who].Add(get.Seconds);
                }
            }
        }
        Add(table, $"{target.Name}: put {options.Count} x 4 KiB", puts, "rclone");
        Add(table, $"{target.Name}: get {options.Count} x 4 KiB", gets, "rclone");
    }

    private static async Task MeasureMemoryAsync(StoreTarget target, TemporaryFolder folder, Table table)
    {
        var url = TestServer.Below(target.Url(folder), "streamed");
        var bytes = Streamed.ToString(CultureInfo.InvariantCulture);
        foreach (var (task, what) in new[] { ("stream-up", "put a stream of 1 GiB"), ("stream-down", "get a stream of 1 GiB") })
        {
            var measured = await StoreChild.MeasureAsync(task, url, bytes);
            table.Add($"{target.Name}: {what}", $"{Number(measured.Seconds)} s", "", "", $"peak {Number(measured.PeakMiB, "0")} MiB");
        }
        await using var store = StoreTargets.Registry().Open(url);
        await store.DeleteAsync(StoreKey.Parse("streamed"));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Add(Table table, string what, List<double>[] seconds, string peer)
    {
        var (ours, theirs) = (Median(seconds[0]), Median(seconds[1]));
        table.Add(what, $"{Number(ours)} s", $"{Number(theirs)} s", Number(ours / theirs), peer);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
