namespace Coffer.Vaults.Bodies;

/// <summary>How a body is cut into pieces and chunks (docs/format.md, section 8). Pure arithmetic.</summary>
internal readonly record struct BodyLayout
{
    /// <summary>The longest body with small chunks: 64 MiB.</summary>
    public const long MaxSmallChunkLength = 64L << 20;

    /// <summary>The longest body: as many pieces as can be counted.</summary>
    public const long MaxLength = (long)int.MaxValue << PieceLayout.PieceLog2;

    /// <param name="length">The body's plaintext in bytes, from 0.</param>
    /// <param name="chunkLog2">16 or 20.</param>
    /// <exception cref="ArgumentException">There is no such body.</exception>
    public BodyLayout(long length, int chunkLog2)
    {
        if (!IsValid(length, chunkLog2))
            throw new ArgumentException($"There is no body of {length} bytes in chunks of 2^{chunkLog2} bytes.", nameof(length));
        Length = length;
        ChunkLog2 = chunkLog2;
    }

    /// <summary>The layout that a writer gives to a body whose length it knows.</summary>
    public static BodyLayout OfKnownLength(long length) =>
        new(length, length > MaxSmallChunkLength ? PieceLayout.LargeChunkLog2 : PieceLayout.SmallChunkLog2);

    /// <summary>Whether a body can have this length and chunk size. A long body in small chunks is not one: a format has no freedom.</summary>
    public static bool IsValid(long length, int chunkLog2) => length is >= 0 and <= MaxLength && chunkLog2 switch
    {
        PieceLayout.SmallChunkLog2 => length <= MaxSmallChunkLength,
        PieceLayout.LargeChunkLog2 => true,
        _ => false,
    };

    /// <summary>The body's plaintext, in bytes.</summary>
    public long Length { get; }

    /// <summary>log2 of the chunk size.</summary>
    public int ChunkLog2 { get; }

    /// <summary>How many pieces it has; none when it is empty.</summary>
    public int PieceCount => (int)((Length + PieceLayout.PieceSize - 1) >> PieceLayout.PieceLog2);

    /// <summary>One piece.</summary>
    /// <param name="index">The piece's place in the body, below <see cref="PieceCount"/>.</param>
    public PieceLayout Piece(int index)
    {
        var left = Length - ((long)index << PieceLayout.PieceLog2);
        return new(index, (int)Math.Min(left, PieceLayout.PieceSize), ChunkLog2, left <= PieceLayout.PieceSize);
    }

    /// <summary>The place of the piece that holds a byte of the body.</summary>
    public static int PieceAt(long position) => (int)(position >> PieceLayout.PieceLog2);
}
