namespace Coffer.Vaults.Bodies;

/// <summary>What may have been kept of a body's plaintext from a read that was cut off. It is not believed: what it gives is sealed again, and must have the root of its piece.</summary>
internal interface IKeptBody
{
    /// <summary>Reads parts that follow each other; called for several places at a time. False when there are fewer bytes.</summary>
    /// <param name="offset">Where the first part begins in the body.</param>
    /// <param name="parts">Takes the bytes.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<bool> TryReadAsync(long offset, IReadOnlyList<Memory<byte>> parts, CancellationToken cancellationToken);
}
