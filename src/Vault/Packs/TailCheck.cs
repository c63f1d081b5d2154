using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Packs;

/// <summary>Holds the bodies in the tail of a commit against the roots that its author signed.</summary>
internal static class TailCheck
{
    /// <summary>Whether every body in the tail that still lives is what was written.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="tail">Its tail.</param>
    /// <param name="now">What ended before it may be damaged, in milliseconds since 1970.</param>
    public static bool IsWhole(Commit commit, ReadOnlySpan<byte> tail, long now)
    {
        if (tail.Length != commit.Header.TailLength)
            return false;
        foreach (var body in commit.Bodies)
        {
            if (!RecordEnds.HasPassed(body.End, now) && !IsWhole(body, tail))
                return false;
        }
        return true;
    }

    private static bool IsWhole(StoredBody body, ReadOnlySpan<byte> tail)
    {
        for (var i = 0; i < body.Pieces.Count; i++)
        {
            var place = body.Pieces[i];
            if (place.Object is not null)
                continue;
            // That it lies within the tail was checked when the head was read.
            var layout = body.Layout.Piece(i);
            if (!PieceOpener.IsWhole(layout, place, tail.Slice((int)place.Offset, layout.SealedLength)))
                return false;
        }
        return true;
    }
}
