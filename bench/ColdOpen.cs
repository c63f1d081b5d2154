using System.Globalization;
using Coffer.Bench.Stores;
using Coffer.Vaults;

namespace Coffer.Bench;

/// <summary>
/// A new device opens a vault of many files that were written long ago, one commit for every few of them, and packed since: the time, requests aside, is that of checking and indexing everything. There is no peer
/// that does this.
/// </summary>
internal static class ColdOpen
{
    public const string ChildName = "cold-open-child";
    private const int FilesInCommit = 5;
    private const int FilesInFolder = 100;
    private const int CopiesAtATime = 16;

    public static async Task RunAsync(BenchOptions options)
    {
        using var folder = TemporaryFolder.Create(options);
        await using var place = await BenchPlace.OpenAsync(options, folder);
        var table = new Table($"{place.Title}, median of {options.Rounds}", "time", "of processors", "peak", "ls, warm");
        foreach (var size in new[] { 10, 4096 })
        {
            var made = new Uri(folder.At($"made-{size}")).AbsoluteUri + "?fsync=false";
            var identity = folder.At($"alice-{size}.id");
            await MakeAsync(made, identity, folder.At($"maker-{size}"), options.Count, size);
            var store = place.StartOver($"store-{size}");
            await CopyAsync(made, store);
            var runs = new List<(Measurement Process, double List)>();
            for (var round = 0; round < options.Rounds; round++)
            {
                await MeasuredProcess.SettleAsync();
                var measured = await MeasuredProcess.RunAsync(Environment.ProcessPath!, [ChildName, store, identity, folder.At($"device-{size}-{round}/team.db")]);
                await RequireAllAsync(store, identity, folder.At($"device-{size}-{round}/team.db"), options.Count);
                runs.Add((measured, double.Parse(measured.Output, CultureInfo.InvariantCulture)));
            }
            var median = runs.OrderBy(static run => run.Process.Seconds).ElementAt(runs.Count / 2);
            table.Add(string.Create(CultureInfo.InvariantCulture, $"{options.Count} files of {size} bytes, {options.Count / FilesInCommit} commits"),
                Number(median.Process.Seconds, "0.00 s"), Number(median.Process.ProcessorSeconds, "0.00 s"), Number(median.Process.PeakMiB, "0 MiB"), Number(median.List * 1000, "0.0 ms"));
        }
        table.Print();
    }

    /// <summary>The new device, in a process of its own.</summary>
    public static async Task RunChildAsync(string store, string identity, string index)
    {
        using var me = await IdentityFile.ReadAsync(identity);
        await using var opened = StoreTargets.Registry().Open(store);
        await using var vault = await OpenAsync(opened, me, index);
        await ListAsync(vault);
        var began = TimeProvider.System.GetTimestamp();
        await ListAsync(vault);
        Console.WriteLine(TimeProvider.System.GetElapsedTime(began).TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task ListAsync(Vault vault)
    {
        if (await vault.ListAsync("folder-0").CountAsync() == 0)
            throw new InvalidOperationException("The folder is empty.");
    }

    private static async Task RequireAllAsync(string url, string identity, string index, int count)
    {
        using var me = await IdentityFile.ReadAsync(identity);
        await using var store = StoreTargets.Registry().Open(url);
        await using var vault = await OpenAsync(store, me, index);
        if ((await vault.GetStatusAsync()).Files is var files && files != count)
            throw new InvalidOperationException($"The new device knows {files} files, and {count} were written.");
    }

    private static Task<Vault> OpenAsync(IStore store, PrivateId me, string index) => Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = index, Creator = me.Public });

    /// <summary>Copies all objects, as <c>coffer store copy</c> does: what a server has cannot be made older, so the vault is made on local disk.</summary>
    private static async Task CopyAsync(string fromUrl, string toUrl)
    {
        await using var from = StoreTargets.Registry().Open(fromUrl);
        await using var to = StoreTargets.Registry().Open(toUrl);
        await Parallel.ForEachAsync(from.ListAsync(), new ParallelOptions { MaxDegreeOfParallelism = CopiesAtATime }, async (entry, cancellationToken) =>
        {
            await using var reader = await from.OpenReadAsync(entry.Key, cancellationToken: cancellationToken);
            await to.PutAsync(entry.Key, ObjectBody.FromStream(reader.Content, reader.Length), cancellationToken: cancellationToken);
        });
    }

    private static async Task MakeAsync(string url, string identityFile, string index, int count, int size)
    {
        using var me = PrivateId.Create();
        await IdentityFile.WriteAsync(identityFile, me);
        var ago = new Ago(TimeSpan.FromDays(7));
        await using var store = StoreTargets.Registry().Open(url);
        await using (var vault = await Vault.CreateAsync(store, me, new VaultCreateOptions { IndexPath = index, Environment = new VaultEnvironment { Time = ago } }))
        {
            var content = new byte[size];
            for (var file = 0; file < count; file += FilesInCommit)
            {
                var batch = Enumerable.Range(file, FilesInCommit).Select(i => new FileWrite($"folder-{i / FilesInFolder}/file-{i}", FileContent.FromBytes(content)));
                await vault.WriteManyAsync([.. batch]);
            }
        }
        // As it is after a week of housekeeping: packed, merged, and the single commits deleted. A store tells how old an object is, so its files are made older.
        for (var round = 0; round < 4; round++)
        {
            await using (var vault = await OpenAsync(store, me, index))
                await vault.HousekeepAsync();
            foreach (var file in Directory.EnumerateFiles(StoreUrl.Parse(url).Path, "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-2));
        }
    }

    private static string Number(double value, string format) => value.ToString(format.Replace(" s", "' s'").Replace(" MiB", "' MiB'").Replace(" ms", "' ms'"), CultureInfo.InvariantCulture);

    /// <summary>The clock of a while ago.</summary>
    private sealed class Ago(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
