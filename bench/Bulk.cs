using System.Globalization;
using System.Security.Cryptography;
using Coffer.Vaults.Bodies;

namespace Coffer.Bench;

/// <summary>How fast pieces are sealed and opened in memory on one core. What AES-256-GCM and SHA-256 alone need, one after the other, is the bound.</summary>
internal static class Bulk
{
    private const int PiecesPerRun = 16;
    private const int Runs = 7;

    public static Task RunAsync(BenchOptions options)
    {
        var table = new Table("one core, in memory", "GB/s", "of AES alone", "of SHA alone", "of both in turn");
        foreach (var chunkLog2 in new[] { PieceLayout.SmallChunkLog2, PieceLayout.LargeChunkLog2 })
            Measure(table, chunkLog2);
        table.Print();
        return Task.CompletedTask;
    }

    private static void Measure(Table table, int chunkLog2)
    {
        var piece = new PieceLayout(0, PieceLayout.PieceSize, chunkLog2, isLast: true);
        var key = RandomNumberGenerator.GetBytes(BodyDescriptor.KeySize);
        var plaintext = RandomNumberGenerator.GetBytes(piece.Length);
        var buffer = new byte[piece.SealedLength];
        using var aes = new AesGcm(key, PieceLayout.TagSize);
        using var sealer = new PieceSealer(key);
        using var opener = new PieceOpener(key);
        var sealedPiece = new byte[piece.SealedLength];
        var place = new PiecePlace(null, 0, sealer.Seal(piece, plaintext, sealedPiece));

        Contender aesAlone = new("AES-256-GCM alone", () => { }, () =>
            EachChunk(piece, buffer, chunk => aes.Encrypt(stackalloc byte[12], chunk[..^16], chunk[..^16], chunk[^16..])));
        Contender shaAlone = new("SHA-256 alone", () => { }, () => EachChunk(piece, buffer, static chunk => SHA256.HashData(chunk, stackalloc byte[32])));
        Contender sealing = new("sealing a piece", () => { }, () => sealer.SealInPlace(piece, buffer));
        Contender opening = new("opening a piece", () => sealedPiece.CopyTo(buffer, 0), () => opener.OpenInPlace(piece, place, buffer));
        Contender[] all = [aesAlone, shaAlone, sealing, opening];

        // In turn, so that what else the machine does meets all of them.
        for (var run = 0; run < Runs; run++)
        {
            foreach (var contender in all)
                contender.Run();
        }
        foreach (var contender in all)
        {
            table.Add($"{contender.Name}, {(1 << chunkLog2) >> 10} KiB chunks", Number(contender.Speed), Number(contender.Speed / aesAlone.Speed),
                Number(contender.Speed / shaAlone.Speed), Number(contender.Speed * (1 / aesAlone.Speed + 1 / shaAlone.Speed)));
        }
    }

    private delegate void ChunkAction(Span<byte> sealedChunk);

    private static void EachChunk(PieceLayout piece, byte[] buffer, ChunkAction action)
    {
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
            action(buffer.AsSpan(piece.ChunkOffset(chunk), piece.SealedChunkLength(chunk)));
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>One of those that are measured, by the processor time that it takes: the wall clock also counts what others do.</summary>
    private sealed class Contender(string name, Action prepare, Action work)
    {
        private TimeSpan _best = TimeSpan.MaxValue;

        public string Name => name;

        /// <summary>The speed of the best run, in GB/s: nothing makes work faster than it is.</summary>
        public double Speed => (double)PiecesPerRun * PieceLayout.PieceSize / _best.TotalSeconds / 1e9;

        public void Run()
        {
            var total = TimeSpan.Zero;
            for (var piece = 0; piece < PiecesPerRun; piece++)
            {
                prepare();
                var start = Environment.CpuUsage.TotalTime;
                work();
                total += Environment.CpuUsage.TotalTime - start;
            }
            _best = total < _best ? total : _best;
        }
    }
}
