namespace Coffer.Vaults.Bodies;

/// <summary>Reads sealed pieces from the store.</summary>
internal interface IPieceSource
{
    /// <summary>The file whose body it is, for who is told that it is damaged.</summary>
    string Path { get; }

    /// <summary>Opens a part of a piece; called for several at a time.</summary>
    /// <param name="place">Where the piece is.</param>
    /// <param name="offset">Where to begin, from the piece's own beginning.</param>
    /// <param name="length">How many bytes, 1 or more, all within the piece.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken);
}
