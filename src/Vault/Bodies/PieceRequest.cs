namespace Coffer.Vaults.Bodies;

/// <summary>One request for a part of a piece, whose object may be shorter than the piece needs.</summary>
internal static class PieceRequest
{
    /// <summary>Opens a part of a piece.</summary>
    /// <exception cref="BodyDamagedException">The object ends before that part does.</exception>
    public static async ValueTask<ObjectReader> OpenAsync(
        IPieceSource source, PieceLayout piece, PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        ObjectReader reader;
        try
        {
            reader = await source.OpenAsync(place, offset, length, cancellationToken);
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.RangeNotSatisfiable)
        {
            throw PieceOpener.Damaged(piece, place, BodyDamage.Truncated, inner: e);
        }
        if (reader.Length == length)
            return reader;
        await reader.DisposeAsync();
        throw PieceOpener.Damaged(piece, place, BodyDamage.Truncated);
    }
}
