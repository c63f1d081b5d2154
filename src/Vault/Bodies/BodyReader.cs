namespace Coffer.Vaults.Bodies;

/// <summary>
/// Reads one body. Every byte that it gives out was verified: the piece's leaves against the signed root, the chunk against its leaf, and its tag.
/// </summary>
/// <param name="body">What its record says of it.</param>
/// <param name="source">Where its pieces are.</param>
/// <param name="workers">Verify and open.</param>
/// <param name="pool">Gives the memory.</param>
/// <param name="leaves">Keeps leaves between reads; null for those of this reader alone.</param>
internal sealed class BodyReader(BodyDescriptor body, IPieceSource source, IWorkers workers, PiecePool pool, LeafCache? leaves = null)
{
    private readonly LeafCache _leaves = leaves ?? new LeafCache();

    /// <summary>
    /// Opens the body, or a range of it, as a stream that is read forward and asynchronously. Nothing is fetched before the first read. A piece that is read from
    /// its beginning takes one request; one that is entered later takes one for its leaves (kept for further ranges) and one for the chunks that are touched.
    /// </summary>
    /// <param name="offset">Where to begin, from 0 to the body's length.</param>
    /// <param name="length">How many bytes; null for all. What reaches beyond the end is cut short.</param>
    public Stream OpenRead(long offset = 0, long? length = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, body.Length);
        if (length is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegative(asked, nameof(length));
        var end = offset + Math.Min(length ?? long.MaxValue, body.Length - offset);
        return new BodyReadStream(body, source, _leaves, offset, end);
    }

    /// <summary>
    /// Reads the whole body as fast as it comes: several pieces are fetched, verified on all cores, and written at a time, with the memory of the pool. When it
    /// fails, the sink may have parts of the body, each of them verified.
    /// </summary>
    /// <param name="sink">Takes the plaintext, in any order.</param>
    /// <param name="kept">What the sink may have already: pieces that are there are not fetched. Null for nothing.</param>
    /// <param name="progress">Told how many bytes the sink has so far.</param>
    /// <param name="cancellationToken">Cancels everything.</param>
    /// <exception cref="BodyDamagedException">A piece is not what was stored.</exception>
    public async ValueTask CopyToAsync(IBodySink sink, IKeptBody? kept = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var done = new ByteCount(progress);
        using var flow = new PieceFlow(cancellationToken);
        try
        {
            for (var index = 0; index < body.Layout.PieceCount; index++)
            {
                var piece = body.Layout.Piece(index);
                var buffer = await pool.RentAsync(piece.SealedLength, flow.Token);
                flow.Start(token => CopyPieceAsync(piece, buffer, sink, kept, done, token));
            }
        }
        catch (Exception e)
        {
            flow.Fail(e);
        }
        try
        {
            await flow.FinishAsync();
        }
        catch (BodyDamagedException damaged)
        {
            damaged.Path ??= source.Path;
            throw;
        }
    }

    private async ValueTask CopyPieceAsync(PieceLayout piece, PieceBuffer buffer, IBodySink sink, IKeptBody? kept, ByteCount done, CancellationToken cancellationToken)
    {
        using (buffer)
        {
            var place = body.Pieces[piece.Index];
            if (kept is null || !await IsKeptAsync(piece, place, buffer.Memory, kept, cancellationToken))
            {
                await using (var reader = await PieceRequest.OpenAsync(source, piece, place, 0, piece.SealedLength, cancellationToken))
                    await reader.Content.ReadFullyAsync(buffer.Memory, cancellationToken);
                await workers.RunAsync(() => Open(piece, place, buffer.Memory.Span), cancellationToken);
                await sink.WriteAsync(piece.Start, PlaintextOf(piece, buffer.Memory).ConvertAll(static part => (ReadOnlyMemory<byte>)part), cancellationToken);
            }
        }
        done.Add(piece.Length);
    }

    /// <summary>Whether a piece was kept as it was written: sealed again, it has the root that was signed. That ciphertext stays here.</summary>
    private async ValueTask<bool> IsKeptAsync(PieceLayout piece, PiecePlace place, Memory<byte> bytes, IKeptBody kept, CancellationToken cancellationToken)
    {
        var parts = PlaintextOf(piece, bytes);
        if (!await kept.TryReadAsync(piece.Start, parts, cancellationToken))
            return false;
        // What was not fetched yet is a hole in the file, and need not be sealed to be seen.
        if (parts.TrueForAll(static part => !part.Span.ContainsAnyExcept((byte)0)))
            return false;
        var isSame = false;
        await workers.RunAsync(
            () =>
            {
                using var sealer = new PieceSealer(body.Key);
                isSame = sealer.SealInPlace(piece, bytes.Span) == place.Root;
            },
            cancellationToken);
        return isSame;
    }

    private void Open(PieceLayout piece, PiecePlace place, Span<byte> bytes)
    {
        // A cipher is not for several threads, and costs microseconds to make beside the milliseconds of its piece.
        using var opener = new PieceOpener(body.Key);
        opener.OpenInPlace(piece, place, bytes);
    }

    private static List<Memory<byte>> PlaintextOf(PieceLayout piece, Memory<byte> bytes)
    {
        var parts = new List<Memory<byte>>(piece.ChunkCount);
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
            parts.Add(bytes.Slice(piece.ChunkOffset(chunk), piece.ChunkLength(chunk)));
        return parts;
    }
}
