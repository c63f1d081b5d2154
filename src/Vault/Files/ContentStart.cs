namespace Coffer.Vaults.Files;

/// <summary>Reads the beginning of a content that may be all of it.</summary>
internal static class ContentStart
{
    /// <summary>One byte more than a small content has, or all there is, which must be exactly the length that is known.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="known">Its length, up to <paramref name="most"/>; null when it is not known.</param>
    /// <param name="most">The length of the largest small content.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="SourceLengthException">It has another length.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, long? known, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[(known is { } expected ? (int)expected : most) + 1];
        var count = await stream.ReadFullyAsync(buffer, cancellationToken);
        if (known is { } length && count != length)
            throw new SourceLengthException(length, count < length ? count : null);
        return count == buffer.Length ? buffer : buffer.AsSpan(0, count).ToArray();
    }
}
