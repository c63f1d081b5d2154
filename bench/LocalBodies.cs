using System.Diagnostics;
using System.Globalization;
using Coffer.Stores.Local;
using Coffer.Vaults;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;

namespace Coffer.Bench;

/// <summary>The way of a large body to local disk and back, without ledger and index, so that what they cost can be told from it.</summary>
internal static class LocalBodies
{
    public static async Task RunAsync(BenchOptions options)
    {
        using var folder = TemporaryFolder.Create(options);
        var input = await folder.WriteRandomFileAsync("input", (long)options.Size << 20);
        var pool = new PiecePool();
        var copied = new List<Measurement>();
        var written = new List<Measurement>();
        var read = new List<Measurement>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await MeasuredProcess.SettleAsync();
            copied.Add(await MeasuredProcess.RunAsync("cp", [input, folder.At("copy")]));
            await MeasuredProcess.SettleAsync();
            await using var store = new LocalStore(new LocalStoreOptions { Root = folder.At("store") });
            var pieces = new StorePieces(store);
            var body = BodyDescriptor.Empty;
            written.Add(await MeasureAsync(async () =>
            {
                await using var source = OpenInput(input);
                body = await new BodyWriter(SystemRandom.Instance, ThreadPoolWorkers.Instance, pool).WriteAsync(source, source.Length, pieces);
            }));

            await MeasuredProcess.SettleAsync();
            read.Add(await MeasureAsync(async () =>
            {
                using var file = File.OpenHandle(folder.At("output"), FileMode.Create, FileAccess.Write, options: FileOptions.Asynchronous);
                await new BodyReader(body, pieces, ThreadPoolWorkers.Instance, pool).CopyToAsync(new FileBodySink(file));
            }));
            await MeasuredProcess.RunAsync("cmp", [input, folder.At("output")]);
            foreach (var name in new[] { "copy", "store", "output" })
                folder.Delete(name);
        }
        var table = new Table($"{options.Size} MiB, median of {options.Rounds}", "seconds", "of cp", "processor s");
        Add(table, "cp (no fsync)", copied, copied);
        Add(table, "body to local disk, durable", written, copied);
        Add(table, "body from local disk to a file", read, copied);
        table.Print();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"peak memory of this process: {self.PeakWorkingSet64 >> 20} MiB");
    }

    private static void Add(Table table, string what, List<Measurement> runs, List<Measurement> copies)
    {
        var seconds = Median(runs, run => run.Seconds);
        table.Add(what, Number(seconds), Number(seconds / Median(copies, copy => copy.Seconds)), Number(Median(runs, run => run.ProcessorSeconds)));
    }

    private static async Task<Measurement> MeasureAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        await work();
        return new Measurement(Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private static FileStream OpenInput(string path) =>
        new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });

    public static double Median(List<Measurement> runs, Func<Measurement, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed class StorePieces(IStore store) : IPieceSink, IPieceSource
    {
        public string Path => "bench";

        public async ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken)
        {
            var name = new ObjectName(0, (UInt128)pieceIndex);
            await store.PutAsync(StoreKey.Parse(name.ToString()), ObjectBody.FromBytes(sealedPiece), PutOptions.CreateOnly, cancellationToken);
            return new PiecePlace(name, 0, root);
        }

        public ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken) =>
            store.OpenReadAsync(StoreKey.Parse(place.Where), new ReadOptions { Range = new ByteRange(place.Offset + offset, length) }, cancellationToken);
    }
}
