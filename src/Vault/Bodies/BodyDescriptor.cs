namespace Coffer.Vaults.Bodies;

/// <summary>Everything that a record says of a body: its key, how it is cut, and where its pieces are.</summary>
internal sealed class BodyDescriptor
{
    /// <summary>The size of a body's key, in bytes.</summary>
    public const int KeySize = 32;

    private readonly byte[] _key;

    /// <param name="key">32 bytes; none for an empty body. The array is kept, not copied.</param>
    /// <param name="layout">Length and chunk size.</param>
    /// <param name="pieces">The pieces, in order.</param>
    public BodyDescriptor(byte[] key, BodyLayout layout, IReadOnlyList<PiecePlace> pieces)
    {
        if (key.Length != (layout.Length == 0 ? 0 : KeySize))
            throw new ArgumentException($"The key of a body of {layout.Length} bytes cannot have {key.Length} bytes.", nameof(key));
        if (pieces.Count != layout.PieceCount)
            throw new ArgumentException($"A body of {layout.Length} bytes has {layout.PieceCount} pieces, not {pieces.Count}.", nameof(pieces));
        _key = key;
        Layout = layout;
        Pieces = pieces;
    }

    /// <summary>The body of no bytes: nothing is sealed for it.</summary>
    public static BodyDescriptor Empty { get; } = new([], BodyLayout.OfKnownLength(0), []);

    /// <summary>The random key that seals this body and nothing else; empty for an empty body.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>How the body is cut.</summary>
    public BodyLayout Layout { get; }

    /// <summary>The plaintext, in bytes.</summary>
    public long Length => Layout.Length;

    /// <summary>log2 of the chunk size.</summary>
    public int ChunkLog2 => Layout.ChunkLog2;

    /// <summary>Where the pieces are, in order.</summary>
    public IReadOnlyList<PiecePlace> Pieces { get; }
}
