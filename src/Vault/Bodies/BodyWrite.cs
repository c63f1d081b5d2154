using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>One body being written.</summary>
internal sealed class BodyWrite(
    byte[] key, BodySource source, BodyLayout? known, IPieceSink sink, ByteCount stored, IWorkers workers, PiecePool pool)
{
    private readonly Lock _lock = new();
    private readonly List<PiecePlace?> _places = [];

    /// <summary>Reads, seals and puts all pieces; gives their places, in order.</summary>
    public async ValueTask<IReadOnlyList<PiecePlace>> RunAsync(CancellationToken cancellationToken)
    {
        using var flow = new PieceFlow(cancellationToken);
        try
        {
            var index = 0;
            while (await StartNextAsync(index, flow))
                index++;
        }
        catch (Exception e)
        {
            flow.Fail(e);
        }
        await flow.FinishAsync();
        return _places.ConvertAll(static place => place!.Value);
    }

    /// <summary>Reads the next piece and starts the rest of its way. False when it was the last.</summary>
    private async ValueTask<bool> StartNextAsync(int index, PieceFlow flow)
    {
        var room = known is { } layout ? layout.Piece(index) : new PieceLayout(index, PieceLayout.PieceSize, PieceLayout.LargeChunkLog2, isLast: true);
        var buffer = await pool.RentAsync(room.SealedLength, flow.Token);
        PieceLayout piece;
        try
        {
            piece = await FillAsync(room, buffer.Memory, flow.Token);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
        lock (_lock)
            _places.Add(null);
        // A piece with fewer chunks than there is room for has fewer leaves, and so begins later in the buffer.
        var bytes = buffer.Memory.Slice(room.LeavesLength - piece.LeavesLength, piece.SealedLength);
        flow.Start(token => SealAndPutAsync(piece, bytes, buffer, token));
        return !piece.IsLast;
    }

    /// <summary>Reads plaintext to where its ciphertext will stand: no copy is made, and a piece needs one buffer.</summary>
    private async ValueTask<PieceLayout> FillAsync(PieceLayout room, Memory<byte> memory, CancellationToken cancellationToken)
    {
        var length = 0;
        for (var chunk = 0; chunk < room.ChunkCount; chunk++)
        {
            var slot = memory.Slice(room.ChunkOffset(chunk), room.ChunkLength(chunk));
            var count = await source.FillAsync(slot, cancellationToken);
            length += count;
            if (count < slot.Length)
                break;
        }
        var isLast = await source.IsAtEndAsync(cancellationToken);
        return new PieceLayout(room.Index, length, room.ChunkLog2, isLast);
    }

    private async ValueTask SealAndPutAsync(PieceLayout piece, Memory<byte> bytes, PieceBuffer buffer, CancellationToken cancellationToken)
    {
        using (buffer)
        {
            var root = Digest.Zero;
            await workers.RunAsync(() => root = Seal(piece, bytes.Span), cancellationToken);
            var place = await sink.PutAsync(piece.Index, bytes, root, cancellationToken);
            lock (_lock)
                _places[piece.Index] = place;
        }
        stored.Add(piece.Length);
    }

    private Digest Seal(PieceLayout piece, Span<byte> bytes)
    {
        // A cipher is not for several threads, and costs microseconds to make beside the milliseconds of its piece.
        using var sealer = new PieceSealer(key);
        return sealer.SealInPlace(piece, bytes);
    }
}
