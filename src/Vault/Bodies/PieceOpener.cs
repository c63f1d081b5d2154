using System.Security.Cryptography;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// Verifies and opens pieces of one body. No I/O; nothing is allocated per chunk. Not for several threads at a time.
/// </summary>
/// <remarks>
/// The hashes compared here are of ciphertext, which the store knows: a comparison that takes longer for a longer match tells nobody anything.
/// </remarks>
internal sealed class PieceOpener(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly AesGcm _aes = new(key, PieceLayout.TagSize);

    /// <summary>Checks a piece's leaves against the root that its author signed.</summary>
    /// <param name="piece">Which piece it is.</param>
    /// <param name="place">Where it is, with its root.</param>
    /// <param name="leaves">The leaves as they came from the store.</param>
    /// <exception cref="BodyDamagedException">They are not the ones that were stored.</exception>
    public static void CheckLeaves(PieceLayout piece, PiecePlace place, ReadOnlySpan<byte> leaves)
    {
        if (PieceCryptography.RootOf(piece, leaves) != place.Root)
            throw Damaged(piece, place, BodyDamage.Root);
    }

    /// <summary>Opens one chunk: its leaf first, then its tag, and only then there is plaintext.</summary>
    /// <param name="piece">Which piece it is in.</param>
    /// <param name="place">Where the piece is.</param>
    /// <param name="chunk">The chunk's place in the piece.</param>
    /// <param name="leaves">All leaves of the piece, checked by <see cref="CheckLeaves"/>; empty when it has a single chunk, whose leaf is checked here.</param>
    /// <param name="sealedChunk">The chunk with its tag.</param>
    /// <param name="plaintext">Where to; the beginning of <paramref name="sealedChunk"/> will do. Zeroed when the tag is wrong.</param>
    /// <exception cref="BodyDamagedException">The chunk is not the one that was stored, or was not sealed for this place under this key.</exception>
    public void OpenChunk(PieceLayout piece, PiecePlace place, int chunk, ReadOnlySpan<byte> leaves, ReadOnlySpan<byte> sealedChunk, Span<byte> plaintext)
    {
        if (sealedChunk.Length != piece.SealedChunkLength(chunk))
            throw Damaged(piece, place, BodyDamage.Truncated, chunk);
        Span<byte> leaf = stackalloc byte[PieceLayout.LeafSize];
        PieceCryptography.WriteLeaf(sealedChunk, leaf);
        if (piece.LeavesLength == 0)
            CheckLeaves(piece, place, leaf);
        else if (!leaf.SequenceEqual(leaves.Slice(chunk * PieceLayout.LeafSize, PieceLayout.LeafSize)))
            throw Damaged(piece, place, BodyDamage.Leaf, chunk);

        Span<byte> nonce = stackalloc byte[PieceCryptography.NonceSize];
        PieceCryptography.WriteNonce(piece, chunk, nonce);
        try
        {
            _aes.Decrypt(nonce, sealedChunk[..^PieceLayout.TagSize], sealedChunk[^PieceLayout.TagSize..], plaintext);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw Damaged(piece, place, BodyDamage.Seal, chunk, e);
        }
    }

    /// <summary>Opens a whole piece where it stands: afterwards each chunk's plaintext is at its <see cref="PieceLayout.ChunkOffset"/>.</summary>
    /// <exception cref="BodyDamagedException">Something of it is not what was stored; then none of the buffer may be used.</exception>
    public void OpenInPlace(PieceLayout piece, PiecePlace place, Span<byte> sealedPiece)
    {
        if (sealedPiece.Length != piece.SealedLength)
            throw Damaged(piece, place, BodyDamage.Truncated);
        var leaves = sealedPiece[..piece.LeavesLength];
        if (!leaves.IsEmpty)
            CheckLeaves(piece, place, leaves);
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
        {
            var sealedChunk = sealedPiece.Slice(piece.ChunkOffset(chunk), piece.SealedChunkLength(chunk));
            OpenChunk(piece, place, chunk, leaves, sealedChunk, sealedChunk[..^PieceLayout.TagSize]);
        }
    }

    /// <summary>Whether a sealed piece is the one that was stored: its leaves, and all its chunks by them. It takes no key.</summary>
    public static bool IsWhole(PieceLayout piece, PiecePlace place, ReadOnlySpan<byte> sealedPiece)
    {
        if (sealedPiece.Length != piece.SealedLength)
            return false;
        Span<byte> leaf = stackalloc byte[PieceLayout.LeafSize];
        if (piece.LeavesLength == 0)
        {
            PieceCryptography.WriteLeaf(sealedPiece, leaf);
            return PieceCryptography.RootOf(piece, leaf) == place.Root;
        }
        var leaves = sealedPiece[..piece.LeavesLength];
        if (PieceCryptography.RootOf(piece, leaves) != place.Root)
            return false;
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
        {
            PieceCryptography.WriteLeaf(sealedPiece.Slice(piece.ChunkOffset(chunk), piece.SealedChunkLength(chunk)), leaf);
            if (!leaf.SequenceEqual(leaves.Slice(chunk * PieceLayout.LeafSize, PieceLayout.LeafSize)))
                return false;
        }
        return true;
    }

    /// <summary>The error for a piece that the store cut short, or that is otherwise not what was stored.</summary>
    public static BodyDamagedException Damaged(PieceLayout piece, PiecePlace place, BodyDamage damage, int? chunk = null, Exception? inner = null) =>
        new(damage, piece.Index, chunk, place.Where, inner);

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();
}
