namespace Coffer.Bench;

/// <summary>What can be measured.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="What">What it measures, in one line.</param>
/// <param name="Defaults">What holds where nothing is said.</param>
/// <param name="Run">Measures it and prints the table.</param>
internal sealed record Benchmark(string Name, string What, BenchOptions Defaults, Func<BenchOptions, Task> Run)
{
    /// <summary>The stores that may stand behind its name.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>One that runs at each place that is named, one after the other; on local disk when none is.</summary>
    public static Benchmark AtPlaces(string name, string what, BenchOptions defaults, Func<BenchOptions, Task> run)
    {
        return new(name, what, defaults, RunAsync) { Names = BenchPlace.Names };

        async Task RunAsync(BenchOptions options)
        {
            foreach (var place in options.Names.DefaultIfEmpty(BenchOptions.LocalPlace))
                await run(options with { Place = place });
        }
    }
}
