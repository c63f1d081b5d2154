namespace Coffer;

/// <summary>Reads that wait in the caller's context only.</summary>
public static class StreamExtensions
{
    /// <summary>
    /// Reads until the buffer is full or the stream has ended. Unlike <see cref="Stream.ReadAtLeastAsync"/> it goes on where its caller is, after a read that
    /// had to wait; that one goes on in the thread pool, where a simulation cannot follow.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    /// <returns>How many bytes were read: fewer than the buffer has only when the stream has ended.</returns>
    public static async ValueTask<int> ReadFullyAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var filled = 0;
        int count;
        while (filled < buffer.Length && (count = await stream.ReadAsync(buffer[filled..], cancellationToken)) > 0)
            filled += count;
        return filled;
    }
}
