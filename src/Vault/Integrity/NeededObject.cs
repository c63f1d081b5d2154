using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Integrity;

/// <summary>An object in <c>data/</c> that is needed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes, as a signed commit states it.</param>
/// <param name="Commit">The first commit that names it.</param>
internal sealed record NeededObject(ObjectName Name, long Size, CommitLink Commit)
{
    /// <summary>Pieces with less than this between them are read together.</summary>
    private const long MostGap = 256 << 10;

    /// <summary>Some files whose bodies are in it, as far as they can be read here.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>What must be in it. Several versions may share a body.</summary>
    public HashSet<NeededPiece> Pieces { get; } = [];

    /// <summary>The bytes of all pieces.</summary>
    public long PiecesLength => Pieces.Sum(static piece => (long)piece.Layout.SealedLength);

    /// <summary>The pieces, as many together as one buffer holds. A member can state any offset, so none is believed to be near.</summary>
    public IEnumerable<PieceBlock> Blocks()
    {
        var block = new List<NeededPiece>();
        var end = 0L;
        foreach (var piece in Pieces.OrderBy(static piece => piece.Place.Offset))
        {
            if (block.Count > 0 && (piece.End - block[0].Place.Offset > PieceLayout.MaxSealedLength || piece.Place.Offset - end > MostGap))
            {
                yield return new PieceBlock(block, block[0].Place.Offset, end - block[0].Place.Offset);
                block = [];
                end = 0;
            }
            block.Add(piece);
            end = Math.Max(end, piece.End);
        }
        if (block.Count > 0)
            yield return new PieceBlock(block, block[0].Place.Offset, end - block[0].Place.Offset);
    }
}

/// <summary>A piece that must be in an object.</summary>
internal readonly record struct NeededPiece(PieceLayout Layout, PiecePlace Place)
{
    /// <summary>Where it ends in its object. That this is no overflow was checked when its commit was read.</summary>
    public long End => Place.Offset + Layout.SealedLength;
}

/// <summary>Pieces that are read with one request.</summary>
/// <param name="Pieces">By their offsets.</param>
/// <param name="Start">Where the first one begins in the object.</param>
/// <param name="Length">How many bytes they span.</param>
internal sealed record PieceBlock(IReadOnlyList<NeededPiece> Pieces, long Start, long Length);
