namespace Coffer.Vaults.Bodies;

/// <summary>Where everything stands in one piece of a body (docs/format.md, section 8). Pure arithmetic; every value here has been checked.</summary>
internal readonly record struct PieceLayout
{
    /// <summary>log2 of the plaintext of a full piece.</summary>
    public const int PieceLog2 = 24;

    /// <summary>The plaintext of a full piece: 16 MiB.</summary>
    public const int PieceSize = 1 << PieceLog2;

    /// <summary>log2 of the chunk size of short bodies: 64 KiB.</summary>
    public const int SmallChunkLog2 = 16;

    /// <summary>log2 of the chunk size of long bodies, and of those whose length was not known: 1 MiB.</summary>
    public const int LargeChunkLog2 = 20;

    /// <summary>The tag of AES-256-GCM behind each chunk.</summary>
    public const int TagSize = 16;

    /// <summary>One leaf: the SHA-256 of a chunk with its tag.</summary>
    public const int LeafSize = 32;

    /// <summary>The most that a piece takes on the store: 256 chunks of 64 KiB, with tag and leaf each.</summary>
    public const int MaxSealedLength = PieceSize + (PieceSize >> SmallChunkLog2) * (TagSize + LeafSize);

    /// <param name="index">The piece's place in the body, from 0.</param>
    /// <param name="length">Its plaintext in bytes: 1 to 16 MiB, and 16 MiB when it is not the last.</param>
    /// <param name="chunkLog2">16 or 20.</param>
    /// <param name="isLast">Whether the body ends with it.</param>
    public PieceLayout(int index, int length, int chunkLog2, bool isLast)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, PieceSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, isLast ? 1 : PieceSize);
        if (chunkLog2 is not (SmallChunkLog2 or LargeChunkLog2))
            throw new ArgumentOutOfRangeException(nameof(chunkLog2), chunkLog2, "A chunk has 2^16 or 2^20 bytes.");
        Index = index;
        Length = length;
        ChunkLog2 = chunkLog2;
        IsLast = isLast;
    }

    /// <summary>The piece's place in the body, from 0.</summary>
    public int Index { get; }

    /// <summary>Its plaintext, in bytes.</summary>
    public int Length { get; }

    /// <summary>log2 of the chunk size.</summary>
    public int ChunkLog2 { get; }

    /// <summary>Whether the body ends with it.</summary>
    public bool IsLast { get; }

    /// <summary>Where its plaintext begins in the body.</summary>
    public long Start => (long)Index << PieceLog2;

    /// <summary>The plaintext of a full chunk.</summary>
    public int ChunkSize => 1 << ChunkLog2;

    /// <summary>How many chunks it has, 1 or more.</summary>
    public int ChunkCount => (Length + ChunkSize - 1) >> ChunkLog2;

    /// <summary>How many bytes its leaves take on the store: none when it has a single chunk.</summary>
    public int LeavesLength => ChunkCount == 1 ? 0 : ChunkCount * LeafSize;

    /// <summary>How many bytes it takes on the store.</summary>
    public int SealedLength => LeavesLength + Length + ChunkCount * TagSize;

    /// <summary>The plaintext of the piece that takes so many bytes on the store, which follows from that alone; null when no piece takes as many.</summary>
    /// <param name="sealedLength">Its bytes on the store.</param>
    /// <param name="chunkLog2">16 or 20.</param>
    public static int? LengthOf(long sealedLength, int chunkLog2)
    {
        var chunk = 1L << chunkLog2;
        if (sealedLength <= chunk + TagSize)
            return sealedLength > TagSize ? (int)(sealedLength - TagSize) : null;
        const int PerChunk = TagSize + LeafSize;
        var count = (sealedLength + chunk + PerChunk - 1) / (chunk + PerChunk);
        var length = sealedLength - (count * PerChunk);
        return count > 1 && length > (count - 1) * chunk && length <= PieceSize ? (int)length : null;
    }

    /// <summary>The plaintext of a chunk, in bytes: full, or what is left for the last one.</summary>
    /// <param name="chunk">The chunk's place in the piece.</param>
    public int ChunkLength(int chunk) => Math.Min(ChunkSize, Length - (chunk << ChunkLog2));

    /// <summary>A chunk with its tag, in bytes.</summary>
    public int SealedChunkLength(int chunk) => ChunkLength(chunk) + TagSize;

    /// <summary>Where a chunk begins in the sealed piece.</summary>
    public int ChunkOffset(int chunk) => LeavesLength + chunk * (ChunkSize + TagSize);

    /// <summary>A chunk's place in the whole body, which is the counter in its nonce.</summary>
    public long ChunkNumber(int chunk) => ((long)Index << (PieceLog2 - ChunkLog2)) + chunk;

    /// <summary>Whether a chunk is the last one of the body, which its nonce says.</summary>
    public bool EndsBody(int chunk) => IsLast && chunk == ChunkCount - 1;
}
