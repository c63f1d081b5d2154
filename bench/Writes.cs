using System.Diagnostics;
using System.Globalization;
using Coffer.Bench.Stores;
using Coffer.Vaults;

namespace Coffer.Bench;

/// <summary>Small durable writes on local disk, one after the other and many at once, beside what the disk itself needs for something durable.</summary>
internal static class Writes
{
    private const int Concurrent = 1000;
    private static readonly int[] Sizes = [100, 4096];

    public static async Task RunAsync(BenchOptions options)
    {
        using var folder = TemporaryFolder.Create(options);
        await using var store = StoreTargets.Registry().Open(new Uri(folder.At("store")).AbsoluteUri);
        using var me = PrivateId.Create();
        await using var vault = await Vault.CreateAsync(store, me, new VaultCreateOptions { IndexPath = folder.At("writer/team.db") });
        using var disk = new DurableDisk(folder.At("disk"));
        var written = new Dictionary<string, byte[]>();
        var rows = new List<Row>();
        // What is measured takes turns, so that what else the disk does meets all of it. The first round is there for the runtime, which still compiles.
        for (var round = 0; round <= options.Rounds; round++)
        {
            var isCounted = round > 0;
            foreach (var size in Sizes)
            {
                await SinglyAsync($"the disk: a new file of {size} bytes, renamed", size, isCounted, disk.WriteObject);
                await SinglyAsync($"the disk: {size} bytes appended, fdatasync", size, isCounted, disk.Append);
                await SinglyAsync($"write of {size} bytes", size, isCounted, content => WriteAsync(content, WriteMode.Sync));
                await SinglyAsync($"accept of {size} bytes, asynchronous", size, isCounted, content => WriteAsync(content, WriteMode.Async));
                await vault.WaitFilesAsync();
                await MeasuredProcess.SettleAsync();
                Row($"{Concurrent} writes of {size} bytes at once, all", size).Add(isCounted, await TimeAsync(() => ManyAsync(size, WriteMode.Sync)));
                await MeasuredProcess.SettleAsync();
                var accepted = await TimeAsync(() => ManyAsync(size, WriteMode.Async));
                Row($"{Concurrent} asynchronous of {size} bytes at once, accepted", size).Add(isCounted, accepted);
                Row($"{Concurrent} asynchronous of {size} bytes at once, all sent", size).Add(isCounted, accepted + await TimeAsync(() => vault.WaitFilesAsync()));
            }
        }
        await RequireAllAsync(store, me, folder.At("reader/team.db"), written);
        Print(options, rows);

        Row Row(string name, int size)
        {
            if (rows.Find(row => row.Name == name) is not { } row)
                rows.Add(row = new Row(name, size));
            return row;
        }

        async Task SinglyAsync(string name, int size, bool isCounted, Func<byte[], Task> write)
        {
            await MeasuredProcess.SettleAsync();
            for (var i = 0; i < options.Count; i++)
            {
                var content = Content(size);
                Row(name, size).Add(isCounted, await TimeAsync(() => write(content)));
            }
        }

        Task ManyAsync(int size, WriteMode mode) => Task.WhenAll(Enumerable.Range(0, Concurrent).Select(_ => WriteAsync(Content(size), mode)));

        Task WriteAsync(byte[] content, WriteMode mode)
        {
            var path = $"folder-{written.Count / 100}/file-{written.Count}";
            written.Add(path, content);
            return vault.WriteAsync(path, FileContent.FromBytes(content), new WriteOptions { Mode = mode });
        }
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        Random.Shared.NextBytes(content);
        return content;
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>A new device must have every byte.</summary>
    private static async Task RequireAllAsync(IStore store, PrivateId me, string index, Dictionary<string, byte[]> written)
    {
        await using var vault = await Vault.OpenAsync(store, me, new VaultOpenOptions { IndexPath = index, Creator = me.Public });
        foreach (var (path, content) in written)
        {
            var read = await vault.ReadBytesAsync(path);
            if (!read.AsSpan().SequenceEqual(content))
                throw new InvalidOperationException($"'{path}' came back with other bytes than were written.");
        }
    }

    private static void Print(BenchOptions options, List<Row> rows)
    {
        var table = new Table($"{options.Rounds} rounds of {options.Count} one after the other; ms", "median", "95 %", "of a renamed file", "of an fdatasync");
        foreach (var row in rows.OrderBy(row => Array.IndexOf(Sizes, row.Size)))
        {
            var (renamed, appended) = (Of("renamed"), Of("fdatasync"));
            table.Add(row.Name, Number(row.At(0.5)), row.Count > options.Rounds ? Number(row.At(0.95)) : "", Number(row.At(0.5) / renamed), Number(row.At(0.5) / appended));

            double Of(string what) => rows.First(other => other.Size == row.Size && other.Name.EndsWith(what, StringComparison.Ordinal)).At(0.5);
        }
        table.Print();
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The times of one thing, in ms.</summary>
    private sealed class Row(string name, int size)
    {
        private readonly List<double> _times = [];

        public string Name => name;

        public int Size => size;

        public int Count => _times.Count;

        public void Add(bool isCounted, double time)
        {
            if (isCounted)
                _times.Add(time);
        }

        /// <summary>The time that this share did not exceed.</summary>
        public double At(double share) => _times.Order().ElementAt(Math.Min(_times.Count - 1, (int)(_times.Count * share)));
    }
}
