using Coffer.Bench;

var benchmarks = new (string Name, string What, Func<BenchOptions, Task> Run)[]
{
    ("bulk", "sealing and opening in memory on one core, beside AES-256-GCM and SHA-256 alone", Bulk.RunAsync),
    ("bodies", "a large body to local disk and back inside one process, beside cp", LocalBodies.RunAsync),
    ("put-get", "coffer put and get of one large file, beside restic backup and restore", PutGet.RunAsync),
    ("small-files", "coffer put and get of many small files, beside restic backup and restore", SmallFiles.RunAsync),
};

var chosen = benchmarks.FirstOrDefault(benchmark => args.Length > 0 && benchmark.Name == args[0]);
if (chosen.Run is null || !BenchOptions.TryParse(args.AsSpan(1), out var options))
{
    Console.Error.WriteLine("Usage: dotnet run --project bench -c Release -- BENCHMARK [--size MIB] [--count FILES] [--rounds N] [--folder PATH] [--coffer EXECUTABLE]");
    foreach (var (name, what, _) in benchmarks)
        Console.Error.WriteLine($"  {name,-12} {what}");
    return 2;
}
await chosen.Run(options);
return 0;
