using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>Where a piece is, and what vouches for it: what the signed record says of each piece.</summary>
/// <param name="Object">The object that holds it; null for the tail of the record's own commit.</param>
/// <param name="Offset">Where the piece begins there, in bytes.</param>
/// <param name="Root">Its root.</param>
internal readonly record struct PiecePlace(ObjectName? Object, long Offset, Digest Root)
{
    /// <summary>The object, for a person.</summary>
    public string Where => Object is { } name ? name.ToString() : "the tail of its commit";
}
