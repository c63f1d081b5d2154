using System.Globalization;
using Coffer.Testing;

namespace Coffer.Bench.Stores;

/// <summary>
/// What is measured in a process of its own: many small objects, since rclone is a process too, and the memory of streaming. This program starts itself with
/// <c>store-child TASK URL ...</c>.
/// </summary>
internal static class StoreChild
{
    public const string Name = "store-child";
    private const int AtATime = 16;
    private const int Seed = 1;

    /// <summary>Runs one task in a process of its own and measures that.</summary>
    public static Task<Measurement> MeasureAsync(params string[] arguments) => MeasuredProcess.RunAsync(Environment.ProcessPath!, [Name, .. arguments]);

    /// <summary>The work of the child.</summary>
    public static Task RunAsync(ReadOnlySpan<string> arguments) => arguments switch
    {
        ["put-many", var url, var folder] => PutManyAsync(url, folder),
        ["get-many", var url, var folder] => GetManyAsync(url, folder),
        ["stream-up", var url, var bytes] => StreamUpAsync(url, long.Parse(bytes, CultureInfo.InvariantCulture)),
        ["stream-down", var url, var bytes] => StreamDownAsync(url, long.Parse(bytes, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException("There is no such task."),
    };

    private static async Task PutManyAsync(string url, string folder)
    {
        await using var store = StoreTargets.Registry().Open(url);
        await Parallel.ForEachAsync(Directory.EnumerateFiles(folder), new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (file, cancellationToken) => await store.PutAsync(StoreKey.Parse(Path.GetFileName(file)), ObjectBody.FromFile(file), cancellationToken: cancellationToken));
    }

    private static async Task GetManyAsync(string url, string folder)
    {
        await using var store = StoreTargets.Registry().Open(url);
        Directory.CreateDirectory(folder);
        await Parallel.ForEachAsync(store.ListAsync(), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (entry, cancellationToken) =>
            await File.WriteAllBytesAsync(Path.Combine(folder, entry.Key.Value), await store.ReadBytesAsync(entry.Key, cancellationToken: cancellationToken), cancellationToken));
    }

    /// <summary>From a stream that cannot seek and does not tell its length: the hardest case for a bound.</summary>
    private static async Task StreamUpAsync(string url, long bytes)
    {
        await using var store = StoreTargets.Registry().Open(url);
        await store.PutAsync(StoreKey.Parse("streamed"), ObjectBody.FromStream(new PatternStream(Seed, bytes)));
    }

    private static async Task StreamDownAsync(string url, long bytes)
    {
        await using var store = StoreTargets.Registry().Open(url);
        await using var reader = await store.OpenReadAsync(StoreKey.Parse("streamed"));
        await reader.Content.CopyToAsync(Stream.Null);
        if (reader.Length != bytes)
            throw new InvalidOperationException($"The object has {reader.Length} bytes, and {bytes} were put.");
    }
}
