using System.Security.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>Seals pieces of one body, one after the other. No I/O; nothing is allocated per chunk. Not for several threads at a time.</summary>
internal sealed class PieceSealer(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly AesGcm _aes = new(key, PieceLayout.TagSize);

    /// <summary>Seals a piece whose plaintext already stands where its ciphertext will: each chunk at its <see cref="PieceLayout.ChunkOffset"/>.</summary>
    /// <param name="piece">Which piece of the body it is. A piece must never be sealed twice with other plaintext under one key.</param>
    /// <param name="sealedPiece">Exactly <see cref="PieceLayout.SealedLength"/> bytes.</param>
    /// <returns>The root.</returns>
    public Digest SealInPlace(PieceLayout piece, Span<byte> sealedPiece)
    {
        CheckLength(sealedPiece.Length, piece.SealedLength, nameof(sealedPiece));
        Span<byte> only = stackalloc byte[PieceLayout.LeafSize];
        var leaves = piece.LeavesLength == 0 ? only : sealedPiece[..piece.LeavesLength];
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
        {
            var sealedChunk = sealedPiece.Slice(piece.ChunkOffset(chunk), piece.SealedChunkLength(chunk));
            SealChunk(piece, chunk, sealedChunk[..^PieceLayout.TagSize], sealedChunk, leaves.Slice(chunk * PieceLayout.LeafSize, PieceLayout.LeafSize));
        }
        return PieceCryptography.RootOf(piece, leaves);
    }

    /// <summary>Seals a piece from one place into another.</summary>
    /// <param name="piece">Which piece of the body it is.</param>
    /// <param name="plaintext">Exactly <see cref="PieceLayout.Length"/> bytes.</param>
    /// <param name="sealedPiece">Exactly <see cref="PieceLayout.SealedLength"/> bytes, which do not overlap the plaintext.</param>
    /// <returns>The root.</returns>
    public Digest Seal(PieceLayout piece, ReadOnlySpan<byte> plaintext, Span<byte> sealedPiece)
    {
        CheckLength(plaintext.Length, piece.Length, nameof(plaintext));
        CheckLength(sealedPiece.Length, piece.SealedLength, nameof(sealedPiece));
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
            plaintext.Slice(chunk << piece.ChunkLog2, piece.ChunkLength(chunk)).CopyTo(sealedPiece[piece.ChunkOffset(chunk)..]);
        return SealInPlace(piece, sealedPiece);
    }

    private void SealChunk(PieceLayout piece, int chunk, ReadOnlySpan<byte> plaintext, Span<byte> sealedChunk, Span<byte> leaf)
    {
        Span<byte> nonce = stackalloc byte[PieceCryptography.NonceSize];
        PieceCryptography.WriteNonce(piece, chunk, nonce);
        _aes.Encrypt(nonce, plaintext, sealedChunk[..plaintext.Length], sealedChunk[plaintext.Length..]);
        PieceCryptography.WriteLeaf(sealedChunk, leaf);
    }

    private static void CheckLength(int actual, int expected, string parameter)
    {
        if (actual != expected)
            throw new ArgumentException($"The buffer has {actual} bytes where the piece needs {expected}.", parameter);
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();
}
