using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>Puts sealed pieces on the store.</summary>
internal interface IPieceSink
{
    /// <summary>Puts one piece; called for several at a time, in any order.</summary>
    /// <param name="pieceIndex">The piece's place in the body.</param>
    /// <param name="sealedPiece">Its bytes. They stay as they are until the task ends, so a retry sends the same.</param>
    /// <param name="root">Its root.</param>
    /// <param name="cancellationToken">Cancelled when another piece failed, too.</param>
    /// <returns>Where it is now.</returns>
    ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken);
}
