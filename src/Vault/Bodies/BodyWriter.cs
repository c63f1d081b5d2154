using System.Security.Cryptography;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// Writes bodies: while one piece is read from the source, earlier ones are sealed on all cores and put. The memory is that of the pool, however long the body.
/// </summary>
internal sealed class BodyWriter(IRandomSource random, IWorkers workers, PiecePool pool)
{
    /// <summary>Writes a body.</summary>
    /// <param name="source">The plaintext, read from its current position to its end. It is not disposed.</param>
    /// <param name="length">Its length in bytes; null when it is not known.</param>
    /// <param name="sink">Where the pieces go.</param>
    /// <param name="key">32 bytes for this body alone, copied; empty for new random ones.</param>
    /// <param name="progress">Told how many bytes of plaintext are stored so far.</param>
    /// <param name="cancellationToken">Cancels everything; pieces that were put stay, for housekeeping to find.</param>
    /// <returns>What a record says of the body, with all pieces put.</returns>
    /// <exception cref="SourceLengthException">The source has fewer or more bytes than were announced.</exception>
    public async ValueTask<BodyDescriptor> WriteAsync(
        Stream source, long? length, IPieceSink sink, ReadOnlyMemory<byte> key, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        BodyLayout? known = length is { } announced ? BodyLayout.OfKnownLength(announced) : null;
        var body = new BodySource(source, length);
        if (await body.IsAtEndAsync(cancellationToken))
            return BodyDescriptor.Empty;

        var own = new byte[BodyDescriptor.KeySize];
        if (key.IsEmpty)
            random.Fill(own);
        else
            key.CopyTo(own);
        try
        {
            var write = new BodyWrite(own, body, known, sink, new ByteCount(progress), workers, pool);
            var pieces = await write.RunAsync(cancellationToken);
            return new BodyDescriptor(own, known ?? new BodyLayout(body.Given, PieceLayout.LargeChunkLog2), pieces);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(own);
            throw;
        }
    }

    /// <summary>Writes a body under a new key of its own.</summary>
    /// <inheritdoc cref="WriteAsync(Stream, long?, IPieceSink, ReadOnlyMemory{byte}, IProgress{long}?, CancellationToken)"/>
    public ValueTask<BodyDescriptor> WriteAsync(
        Stream source, long? length, IPieceSink sink, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        WriteAsync(source, length, sink, ReadOnlyMemory<byte>.Empty, progress, cancellationToken);

    /// <summary>Seals a body of one piece in memory, as for the tail of a commit.</summary>
    /// <param name="plaintext">1 byte to 16 MiB.</param>
    /// <param name="key">32 random bytes, for this body alone.</param>
    public static SealedPiece SealSmall(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plaintext.Length, nameof(plaintext));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, PieceLayout.PieceSize, nameof(plaintext));
        var piece = BodyLayout.OfKnownLength(plaintext.Length).Piece(0);
        var bytes = new byte[piece.SealedLength];
        using var sealer = new PieceSealer(key);
        return new SealedPiece(bytes, sealer.Seal(piece, plaintext, bytes));
    }
}
