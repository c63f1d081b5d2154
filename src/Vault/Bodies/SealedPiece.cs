using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>A sealed piece in memory.</summary>
/// <param name="Bytes">Its bytes, as they go to the store.</param>
/// <param name="Root">Its root.</param>
internal readonly record struct SealedPiece(byte[] Bytes, Digest Root);
