using Coffer.Vaults.Bodies;

namespace Coffer.Vaults.Records;

/// <summary>A body as all members see it, also when they cannot read it: how it is cut, where its pieces are, and how long it lives.</summary>
/// <param name="Layout">Length and chunk size.</param>
/// <param name="Pieces">Where the pieces are, in order.</param>
/// <param name="End">From when on it reads as expired, in milliseconds since 1970; 0 = never.</param>
internal sealed record StoredBody(BodyLayout Layout, IReadOnlyList<PiecePlace> Pieces, long End);
