using Coffer.Bench;
using Coffer.Bench.Stores;

if (args is [StoreChild.Name, ..])
{
    await StoreChild.RunAsync(args.AsSpan(1));
    return 0;
}

if (args is [ColdOpen.ChildName, var place, var identity, var index])
{
    await ColdOpen.RunChildAsync(place, identity, index);
    return 0;
}

var defaults = new BenchOptions();
Benchmark[] benchmarks =
[
    new("bulk", "sealing and opening in memory on one core, beside AES-256-GCM and SHA-256 alone", defaults, Bulk.RunAsync),
    new("bodies", "a large body to local disk and back inside one process, beside cp", defaults, LocalBodies.RunAsync),
    Benchmark.AtPlaces("put-get", "coffer put and get of one large file, beside restic, rclone crypt and, on local disk, borg and gocryptfs", defaults, PutGet.RunAsync),
    Benchmark.AtPlaces("small-files", "coffer put and get of many small files, beside the same", defaults, SmallFiles.RunAsync),
    Benchmark.AtPlaces("jobs", "put-get and small-files, one after the other", defaults, async options =>
    {
        await PutGet.RunAsync(options);
        await SmallFiles.RunAsync(options);
    }),
    new("writes", "small durable writes on local disk, one after the other and 1,000 at once, beside the disk's own", new BenchOptions { Count = 200 }, Writes.RunAsync),
    Benchmark.AtPlaces("sync", "a device learns what another one wrote: many files of one put, and 1,000 single commits", defaults, SyncBench.RunAsync),
    Benchmark.AtPlaces("cold-open", "a new device opens a vault of many files; time, memory, and a listing in it", new BenchOptions { Count = 100_000 }, ColdOpen.RunAsync),
    new("scale", "what operations cost with a hundredth, a tenth and all of --count files (1,000,000)", new BenchOptions { Count = 1_000_000 }, Scale.RunAsync),
    new("stores", "stores on real servers beside the SDKs and rclone: large, many small, memory", new BenchOptions { Size = 256, Count = 1000 }, StoreBench.RunAsync)
    {
        Names = [.. StoreTargets.All.Select(target => target.Name)],
    },
];

var chosen = benchmarks.FirstOrDefault(benchmark => args.Length > 0 && benchmark.Name == args[0]);
if (chosen is null || !BenchOptions.TryParse(args.AsSpan(1), chosen.Defaults, out var options) || options.Names.Except(chosen.Names).Any())
{
    Console.Error.WriteLine("Usage: dotnet run --project bench -c Release -- BENCHMARK [STORE ...] [--size MIB] [--count FILES] [--rounds N] [--folder PATH] [--coffer EXECUTABLE]");
    foreach (var benchmark in benchmarks)
        Console.Error.WriteLine($"  {benchmark.Name + (benchmark.Names.Count > 0 ? $" [{string.Join('|', benchmark.Names)}]" : ""),-39} {benchmark.What}");
    return 2;
}
await chosen.Run(options);
return 0;
