using System.Buffers;

namespace Coffer.Stores.Local;

/// <summary>One put: writes the body to a temporary file and has it published.</summary>
internal sealed class Upload(Disk disk, StoreKey key, ObjectBody body, PutOptions options, Place place)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes in memory are written in pieces of this size, so that a cancellation need not wait for all of them.</summary>
    private const int MemoryPiece = 8 << 20;

    /// <summary>Until it is published, there is nothing but a temporary file, which no one sees.</summary>
    private readonly Place _unseen = place with { IsBeforeEffect = true };

    public async Task<FileFacts> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Condition.Kind == PutConditionKind.IfAbsent && body.Memory is null && disk.Stat(key, _unseen) is not null)
            throw place.Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{place.StoreName}'.");
        cancellationToken.ThrowIfCancellationRequested();
        using var file = disk.CreateTemporary(_unseen);
        if (body.Memory is { } bytes)
            Write(file, bytes, cancellationToken);
        else
            await CopyAsync(file, cancellationToken);
        return disk.Publish(file, key, options.Condition, place, cancellationToken);
    }

    private void Write(TemporaryFile file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var offset = 0; offset < bytes.Length; offset += MemoryPiece)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = bytes.Slice(offset, Math.Min(MemoryPiece, bytes.Length - offset));
            Write(file, piece.Span, offset);
            options.Progress?.Report(offset + piece.Length);
        }
    }

    private async Task CopyAsync(TemporaryFile file, CancellationToken cancellationToken)
    {
        await using var source = await body.OpenAsync(options.Progress, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(body.Length ?? BufferBytes, 1, BufferBytes));
        try
        {
            var offset = 0L;
            while (true)
            {
                var count = await source.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                    return;
                cancellationToken.ThrowIfCancellationRequested();
                Write(file, buffer.AsSpan(0, count), offset);
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Write(TemporaryFile file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file.Handle, bytes, offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LocalErrors.FromException(exception, "write", file.Path, _unseen);
        }
    }
}
