using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>What sealing and opening share: nonce, leaf and root (docs/format.md, section 8).</summary>
internal static class PieceCryptography
{
    /// <summary>The size of a nonce, in bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>
    /// Writes the nonce of a chunk as the STREAM construction has it (Hoang, Reyhanitabar, Rogaway and Vizar 2015): the chunk's number in 11 bytes, then 1 for
    /// the body's last chunk and 0 for the others.
    /// </summary>
    public static void WriteNonce(PieceLayout piece, int chunk, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..11], piece.ChunkNumber(chunk));
        nonce[11] = piece.EndsBody(chunk) ? (byte)1 : (byte)0;
    }

    /// <summary>Writes the leaf of a chunk with its tag.</summary>
    public static void WriteLeaf(ReadOnlySpan<byte> sealedChunk, Span<byte> leaf) => SHA256.HashData(sealedChunk, leaf);

    /// <summary>The root of a piece: its place in the body, its length, the chunk size, and all leaves.</summary>
    /// <param name="piece">Which piece it is.</param>
    /// <param name="leaves">The leaves of all its chunks, also of a single one.</param>
    public static Digest RootOf(PieceLayout piece, ReadOnlySpan<byte> leaves) => new LengthPrefixed("coffer/piece/v1")
        .Add((ulong)piece.Index)
        .Add((ulong)piece.Length)
        .Add((ulong)piece.ChunkSize)
        .Add(leaves)
        .Hash();
}
