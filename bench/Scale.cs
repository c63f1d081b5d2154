using System.Diagnostics;
using System.Globalization;
using Coffer.Bench.Stores;
using Coffer.Vaults;

namespace Coffer.Bench;

/// <summary>
/// What operations cost in a vault with a hundredth, a tenth and all of many files. One device fills it; another one has its index up to date, writes single commits, and is opened and rebuilt. Nobody waits for the store's disk.
/// </summary>
internal sealed class Scale : IAsyncDisposable
{
    private const int FilesInBatch = 5000;
    private const int FilesInFolder = 100;
    private const int SingleCommits = 100;
    private const int Tries = 51;
    private static readonly byte[] Content = new byte[10];

    private readonly TemporaryFolder _folder;
    private readonly IStore _store;
    private readonly PrivateId _me;
    private readonly Vault _vault;
    private Vault _other;
    private int _files;
    private int _singles;

    private Scale(TemporaryFolder folder, IStore store, PrivateId me, Vault vault, Vault other)
    {
        _folder = folder;
        _store = store;
        _me = me;
        _vault = vault;
        _other = other;
    }

    public static async Task RunAsync(BenchOptions options)
    {
        using var folder = TemporaryFolder.Create(options);
        await using var store = StoreTargets.Registry().Open(new Uri(folder.At("store")).AbsoluteUri + "?fsync=false");
        using var me = PrivateId.Create();
        var vault = await Vault.CreateAsync(store, me, new VaultCreateOptions { IndexPath = folder.At("filler/team.db") });
        await using var scale = new Scale(folder, store, me, vault, await OpenAsync(store, me, folder));
        var table = new Table("files", "fill, us/file", "sync, us/file", "rebuild, us/file", "index, B/file", "write", "stat", "ls of 100", "page, start", "middle", "end", $"sync {SingleCommits} commits", "open", "peak MiB");
        foreach (var count in new[] { options.Count / 100, options.Count / 10, options.Count }.Where(count => count > 0))
            table.Add([count.ToString(CultureInfo.InvariantCulture), .. await scale.MeasureAsync(count)]);
        table.Print();
        Console.WriteLine("All that has no unit is in ms.");
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _vault.DisposeAsync();
    }

    /// <summary>Fills up to as many files, and measures everything there.</summary>
    private async Task<string[]> MeasureAsync(int count)
    {
        ResetPeak();
        var added = count - _files;
        var fill = await TimeAsync(() => FillAsync(count));
        var catchUp = await TimeAsync(() => _other.SyncAsync());
        var rebuild = await TimeAsync(() => _other.RebuildIndexAsync());
        var write = await MedianAsync(_ => _vault.WriteAsync(NextSingle(), FileContent.FromBytes(Content)));
        var stat = await MedianAsync(async attempt => Require(await _vault.StatAsync(FileAt((int)((long)attempt * (count - 1) / Tries))) is not null));
        var list = await MedianAsync(attempt => RequireListedAsync(FilesInFolder, FolderOf((int)((long)attempt * (count - FilesInFolder) / Tries)), recursive: false, after: null));
        // Of all files of the vault in one long listing: the page of 1,000 at its start, in the middle, and near its end.
        var pages = new List<double>();
        foreach (var at in new[] { 0, count / 2, Math.Max(0, count - FilesInBatch) })
            pages.Add(await MedianAsync(_ => RequireListedAsync(Math.Min(1000, count - at + _singles), "", recursive: true, after: at == 0 ? null : FileAt(at - 1))));

        await _other.SyncAsync();
        for (var commit = 0; commit < SingleCommits; commit++)
            await _other.WriteAsync(NextSingle(), FileContent.FromBytes(Content));
        var sync = await TimeAsync(async () => Require((await _vault.SyncAsync()).Commits >= SingleCommits));
        await _other.DisposeAsync();
        var open = await TimeAsync(async () => _other = await OpenAsync(_store, _me, _folder));
        await RequireAllAsync(_vault);
        await RequireAllAsync(_other);
        return
        [
            Number(fill * 1000 / added), Number(catchUp * 1000 / added), Number(rebuild * 1000 / count), Number((double)IndexBytes() / count, "0"),
            Number(write), Number(stat, "0.000"), Number(list), .. pages.Select(page => Number(page)), Number(sync), Number(open), Number(PeakMiB(), "0"),
        ];
    }

    private static Task<Vault> OpenAsync(IStore store, PrivateId me, TemporaryFolder folder) =>
        Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = folder.At("other/team.db"), Creator = me.Public });

    private async Task FillAsync(int count)
    {
        while (_files < count)
        {
            var batch = Enumerable.Range(_files, Math.Min(FilesInBatch, count - _files)).Select(file => new FileWrite(FileAt(file), FileContent.FromBytes(Content))).ToList();
            await _vault.WriteManyAsync(batch);
            _files += batch.Count;
        }
    }

    /// <summary>The numbers have all their digits, so that the order of the paths is theirs.</summary>
    private static string FolderOf(int file) => $"folder-{file / FilesInFolder:D6}";

    private static string FileAt(int file) => $"{FolderOf(file)}/file-{file:D8}";

    /// <summary>Behind all folders, so that only a page at the end reaches it.</summary>
    private string NextSingle() => $"single/file-{_singles++}";

    private async Task RequireListedAsync(int expected, string folder, bool recursive, string? after) =>
        Require(await _vault.ListAsync(folder, new ListFilesOptions { Recursive = recursive, After = after, Limit = 1000 }).CountAsync() == expected);

    private async Task RequireAllAsync(Vault vault) => Require((await vault.GetStatusAsync()).Files == _files + _singles);

    private static void Require(bool isRight)
    {
        if (!isRight)
            throw new InvalidOperationException("The vault has not what was written to it.");
    }

    private long IndexBytes() => new DirectoryInfo(_folder.At("other")).EnumerateFiles("*.index-*").Sum(file => file.Length);

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double> MedianAsync(Func<int, Task> work)
    {
        var times = new List<double>();
        for (var attempt = 0; attempt < Tries; attempt++)
            times.Add(await TimeAsync(() => work(attempt)));
        return times.Order().ElementAt(Tries / 2);
    }

    /// <summary>Linux counts the peak of a process anew from here.</summary>
    private static void ResetPeak()
    {
        GC.Collect();
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double PeakMiB()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1024.0 / 1024;
    }

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
