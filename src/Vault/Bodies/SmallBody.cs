namespace Coffer.Vaults.Bodies;

/// <summary>A body of one piece, sealed in memory under a key of its own, before it has a place.</summary>
internal sealed class SmallBody
{
    private readonly byte[] _key;
    private readonly SealedPiece _piece;
    private readonly int _length;

    /// <param name="content">1 byte to 16 MiB.</param>
    /// <param name="random">Gives the key.</param>
    public SmallBody(ReadOnlySpan<byte> content, IRandomSource random)
    {
        _key = new byte[BodyDescriptor.KeySize];
        random.Fill(_key);
        _piece = BodyWriter.SealSmall(content, _key);
        _length = content.Length;
    }

    /// <summary>What goes to the store.</summary>
    public byte[] Bytes => _piece.Bytes;

    /// <summary>The body in its place.</summary>
    /// <param name="place">The object; null for the tail of the record's own commit.</param>
    /// <param name="offset">Where it begins there, in bytes.</param>
    public BodyDescriptor In(ObjectName? place, long offset) => new(_key, BodyLayout.OfKnownLength(_length), [new PiecePlace(place, offset, _piece.Root)]);
}
