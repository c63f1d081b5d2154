namespace Coffer.Vaults.Bodies;

/// <summary>Takes the verified plaintext of a body, in parts and in any order.</summary>
internal interface IBodySink
{
    /// <summary>Writes parts that follow each other; called for several places at a time.</summary>
    /// <param name="offset">Where the first part begins in the body.</param>
    /// <param name="parts">The parts. They are used again once the task has ended.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken);
}
