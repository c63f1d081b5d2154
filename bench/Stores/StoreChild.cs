using System.Diagnostics;
using System.Globalization;
using Coffer.Stores;
using Coffer.Testing;

namespace Coffer.Bench.Stores;

/// <summary>
/// What is measured in a process of its own: many small objects, since rclone is a process too, and the memory of streaming. This program is started for it with
/// <c>store-child TASK URL ...</c>.
/// </summary>
internal static class StoreChild
{
    public const string Name = "store-child";
    private const int AtATime = 16;
    private const int Seed = 1;

    /// <summary>How often the same is done before it counts as warm: by then the runtime has compiled what is called often.</summary>
    private const int WarmUps = 8;

    /// <summary>The work of the child.</summary>
    public static Task RunAsync(ReadOnlySpan<string> arguments) => arguments switch
    {
        ["put-many", var url, var folder] => PutManyAsync(new StoreObjects(url), folder, warmUps: 0),
        ["get-many", var url, var folder] => GetManyAsync(new StoreObjects(url), folder, warmUps: 0),
        ["put-many-warm", var url, var folder] => PutManyAsync(new StoreObjects(url), folder, WarmUps),
        ["get-many-warm", var url, var folder] => GetManyAsync(new StoreObjects(url), folder, WarmUps),
        ["put-many-sdk", var target, var url, var folder] => PutManyAsync(StoreTargets.Named(target).Sdk!(url), folder, warmUps: 0),
        ["get-many-sdk", var target, var url, var folder] => GetManyAsync(StoreTargets.Named(target).Sdk!(url), folder, warmUps: 0),
        ["stream-up", var url, var bytes] => StreamUpAsync(url, long.Parse(bytes, CultureInfo.InvariantCulture)),
        ["stream-down", var url, var bytes] => StreamDownAsync(url, long.Parse(bytes, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException("There is no such task."),
    };

    private static async Task PutManyAsync(ISmallObjects objects, string folder, int warmUps)
    {
        await using (objects)
        {
            for (var i = 0; i < warmUps; i++)
                await PutAllAsync(objects, folder, $"warm-up-{i}/");
            await TellTimeAsync(() => PutAllAsync(objects, folder, ""));
        }
    }

    private static Task PutAllAsync(ISmallObjects objects, string folder, string prefix) =>
        Parallel.ForEachAsync(Directory.EnumerateFiles(folder), new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (file, cancellationToken) => await objects.PutAsync(prefix + Path.GetFileName(file), file, cancellationToken));

    private static async Task GetManyAsync(ISmallObjects objects, string folder, int warmUps)
    {
        await using (objects)
        {
            // None is deleted yet, for the reason that TemporaryFolder.SetAside gives.
            for (var i = 0; i < warmUps; i++)
                await GetAllAsync(objects, $"{folder}-warm-up-{Guid.NewGuid():N}");
            await TellTimeAsync(() => GetAllAsync(objects, folder));
        }
    }

    private static Task GetAllAsync(ISmallObjects objects, string folder)
    {
        Directory.CreateDirectory(folder);
        return Parallel.ForEachAsync(objects.ListAsync(), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (name, cancellationToken) =>
        {
            var bytes = await objects.GetAsync(name, cancellationToken);
            // As the peer writes it. To hand 4 KiB over to another thread costs more than to write them.
#pragma warning disable CA1849
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
#pragma warning restore CA1849
        });
    }

    /// <summary>Writes how many seconds it took, for who started this process.</summary>
    private static async Task TellTimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalSeconds.ToString(CultureInfo.InvariantCulture));
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
