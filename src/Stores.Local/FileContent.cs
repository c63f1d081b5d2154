using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>A part of an open file. Later replacement or removal of the object's name does not touch it.</summary>
internal sealed class FileContent(SafeFileHandle handle, long offset, long length, Place place) : ReadOnlyStream
{
    private readonly long _end = offset + length;
    private long _position = offset;

    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Advance(RandomAccess.Read(handle, buffer[..Wanted(buffer.Length)], _position));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Advance(await RandomAccess.ReadAsync(handle, buffer[..Wanted(buffer.Length)], _position, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(exception);
        }
    }

    private int Wanted(int size) => (int)Math.Min(size, _end - _position);

    private int Advance(int count)
    {
        _position += count;
        return count;
    }

    private StoreException Failed(Exception exception) => LocalErrors.FromException(exception, "read", place.Key ?? "", place);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            handle.Dispose();
        base.Dispose(disposing);
    }
}
