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
        var child = await ChildProgram.PublishAsync(folder);
        var table = new Table($"median of {options.Rounds}, in turn", "coffer", "peer", "ratio", "");
        foreach (var target in targets)
        {
            await MeasureLargeAsync(target, options, folder, large, table);
            await MeasureSmallAsync(target, options, folder, small, child, rclone, table);
            await MeasureMemoryAsync(target, folder, child, table);
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

    /// <summary>
    /// Many small files, 16 at a time. rclone is a process that begins and ends; beside it stand a process of ours that begins and ends, and one that has done the same
    /// some times before, without its start: what a program has that stays up.
    /// </summary>
    private static async Task MeasureSmallAsync(
        StoreTarget target, BenchOptions options, TemporaryFolder folder, string files, ChildProgram child, RcloneTool rclone, Table table)
    {
        var remote = target.Rclone(StoreUrl.Parse(target.Url(folder)));
        var got = folder.At("got");
        (Func<string, string, Task<double>> Put, Func<string, string, Task<double>> Get)[] sides =
        [
            (async (_, url) => (await child.MeasureAsync("put-many", url, files)).Seconds, async (_, url) => (await child.MeasureAsync("get-many", url, got)).Seconds),
            (async (name, _) => (await rclone.PutAsync(files, remote, name)).Seconds, async (name, _) => (await rclone.GetAsync(remote, name, got)).Seconds),
            (async (_, url) => await child.SecondsWithinAsync("put-many-warm", url, files), async (_, url) => await child.SecondsWithinAsync("get-many-warm", url, got)),
        ];
        List<double>[] puts = [[], [], []], gets = [[], [], []];
        for (var round = 0; round <= options.Rounds; round++)
        {
            // Who is first changes, so that nobody always pays for the other.
            int[] order = round % 2 == 0 ? [0, 1, 2] : [2, 1, 0];
            foreach (var who in order)
            {
                var name = $"small-{round}-{who}";
                await MeasuredProcess.SettleAsync();
                var seconds = await sides[who].Put(name, TestServer.Below(target.Url(folder), name));
                if (round > 0)
                    puts[who].Add(seconds);
            }
            foreach (var who in order)
            {
                // The warm one gets what the other process of ours put: that is all there is below the name.
                var name = $"small-{round}-{who % 2}";
                await MeasuredProcess.SettleAsync();
                var seconds = await sides[who].Get(name, TestServer.Below(target.Url(folder), name));
                await MeasuredProcess.RunAsync("diff", ["-rq", files, got]);
                folder.Delete("got");
                if (round > 0)
                    gets[who].Add(seconds);
            }
        }
        Add(table, $"{target.Name}: put {options.Count} x 4 KiB, whole process", [puts[0], puts[1]], "rclone");
        Add(table, $"{target.Name}: get {options.Count} x 4 KiB, whole process", [gets[0], gets[1]], "rclone");
        Add(table, $"{target.Name}: put {options.Count} x 4 KiB, warm", [puts[2], puts[1]], "rclone, whole process");
        Add(table, $"{target.Name}: get {options.Count} x 4 KiB, warm", [gets[2], gets[1]], "rclone, whole process");
    }

    private static async Task MeasureMemoryAsync(StoreTarget target, TemporaryFolder folder, ChildProgram child, Table table)
    {
        var url = TestServer.Below(target.Url(folder), "streamed");
        var bytes = Streamed.ToString(CultureInfo.InvariantCulture);
        foreach (var (task, what) in new[] { ("stream-up", "put a stream of 1 GiB"), ("stream-down", "get a stream of 1 GiB") })
        {
            var measured = await child.MeasureAsync(task, url, bytes);
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
