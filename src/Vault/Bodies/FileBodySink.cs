using Microsoft.Win32.SafeHandles;

namespace Coffer.Vaults.Bodies;

/// <summary>Writes a body into a file that is open for writing. The file stays open, and belongs to the caller.</summary>
internal sealed class FileBodySink(SafeFileHandle file) : IBodySink
{
    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken) =>
        RandomAccess.WriteAsync(file, parts, offset, cancellationToken);
}
