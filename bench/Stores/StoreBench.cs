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
        var targets = options.Names.Count == 0 ? StoreTargets.All : [.. options.Names.Select(StoreTargets.Named)];
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
    /// Many small files, 16 at a time. rclone is a process that begins and ends; beside it stand a process of ours that begins and ends, one that has done the same
    /// some times before, without its start: what a program has that stays up; and, where there is one, the SDK of the service without Coffer.
    /// </summary>
    private static async Task MeasureSmallAsync(
        StoreTarget target, BenchOptions options, TemporaryFolder folder, string files, ChildProgram child, RcloneTool rclone, Table table)
    {
        var remote = target.Rclone(StoreUrl.Parse(target.Url(folder)));
        var got = folder.At("got");
        // Each is given the name below which it puts and gets.
        List<SmallObjectsSide> sides =
        [
            new("coffer", async name => (await child.MeasureAsync("put-many", At(name), files)).Seconds, async name => (await child.MeasureAsync("get-many", At(name), got)).Seconds),
            new("rclone", async name => (await rclone.PutAsync(files, remote, name)).Seconds, async name => (await rclone.GetAsync(remote, name, got)).Seconds),
            // It puts the same once more for each warm-up, and gets what the first process of ours put.
            new("warm", name => child.SecondsWithinAsync("put-many-warm", At(name), files), name => child.SecondsWithinAsync("get-many-warm", At(name.Replace("warm", "coffer", StringComparison.Ordinal)), got)),
        ];
        if (target.Sdk is not null)
        {
            sides.Add(new("the SDK alone",
                async name => (await child.MeasureAsync("put-many-sdk", target.Name, At(name), files)).Seconds, async name => (await child.MeasureAsync("get-many-sdk", target.Name, At(name), got)).Seconds));
        }
        for (var round = 0; round <= options.Rounds; round++)
        {
            // Who is first changes, so that nobody always pays for the other.
            if (round > 0)
                sides.Reverse();
            foreach (var side in sides)
            {
                await MeasuredProcess.SettleAsync();
                var seconds = await side.Put($"small-{round}-{side.Name.Replace(' ', '-')}");
                if (round > 0)
                    side.Puts.Add(seconds);
            }
            foreach (var side in sides)
            {
                await MeasuredProcess.SettleAsync();
                var seconds = await side.Get($"small-{round}-{side.Name.Replace(' ', '-')}");
                await MeasuredProcess.RunAsync("diff", ["-rq", files, got]);
                folder.SetAside("got");
                if (round > 0)
                    side.Gets.Add(seconds);
            }
        }
        foreach (var (what, values) in new (string, Func<SmallObjectsSide, List<double>>)[] { ("put", side => side.Puts), ("get", side => side.Gets) })
        {
            List<double> Of(string name) => values(sides.Single(side => side.Name == name));
            Add(table, $"{target.Name}: {what} {options.Count} x 4 KiB, whole process", [Of("coffer"), Of("rclone")], "rclone");
            Add(table, $"{target.Name}: {what} {options.Count} x 4 KiB, warm", [Of("warm"), Of("rclone")], "rclone, whole process");
            if (target.Sdk is not null)
                Add(table, $"{target.Name}: {what} {options.Count} x 4 KiB, whole process", [Of("coffer"), Of("the SDK alone")], "the SDK alone");
        }

        string At(string name) => TestServer.Below(target.Url(folder), name);
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
