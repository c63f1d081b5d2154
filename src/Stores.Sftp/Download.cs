namespace Coffer.Stores.Sftp;

/// <summary>Opens an object for reading: in one turn it is looked at and opened, in the next one what is open is looked at and its content begins to come.</summary>
internal sealed class Download(ConnectionLease lease, Tree tree, StoreKey key, ByteRange? range, Place place)
{
    private readonly SftpConnection _connection = lease.Connection;
    private readonly string _path = tree.Paths.Of(key.Value);

    /// <summary>Opens it. The lease is given back with the content, or before when there is nothing more to read.</summary>
    /// <param name="readAtOnce">Up to which size the content is read right away.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<(SftpAttributes Found, Stream Content, long Length)> OpenAsync(int readAtOnce, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var looking = tree.LookAtObjectAsync(_connection, key, place);
        var opening = _connection.OpenAsync(_path, OpenFlags.Read);
        byte[] handle;
        SftpAttributes expected;
        try
        {
            var sight = await looking.WaitAsync(cancellationToken);
            if (sight.Target is not { IsFile: true } target)
                throw NotFound();
            expected = target;
            handle = await opening.WaitAsync(cancellationToken);
        }
        catch (SftpStatusException exception) when (exception.Status.IsNotFound)
        {
            throw NotFound();
        }
        catch
        {
            // It may be opened yet, and somebody has to close it.
            _ = CloseAsync(opening);
            throw;
        }
        return await BeginAsync(handle, expected, readAtOnce, cancellationToken);
    }

    private async Task<(SftpAttributes Found, Stream Content, long Length)> BeginAsync(byte[] handle, SftpAttributes expected, int readAtOnce, CancellationToken cancellationToken)
    {
        RemoteContent? content = null;
        try
        {
            var looking = _connection.LookAtHandleAsync(handle, _path);
            var guess = LengthIn(expected);
            if (guess is { } likely)
                content = new RemoteContent(lease, handle, _path, range?.Offset ?? 0, likely, place);
            var found = await looking.WaitAsync(cancellationToken);
            var length = LengthIn(found) ?? throw place.Error(StoreErrorKind.RangeNotSatisfiable, $"'{key}' has {found.Size} bytes, so the range {range} begins behind its end.");
            // It may have been replaced between the two looks.
            if (content is null)
                content = new RemoteContent(lease, handle, _path, range?.Offset ?? 0, length, place);
            else if (length != guess)
                content.StartOver(length);
            if (length > readAtOnce)
                return (found, content, length);
            var bytes = new byte[length];
            var count = await content.ReadFullyAsync(bytes, cancellationToken);
            await content.DisposeAsync();
            return (found, new ReadOnlyMemoryStream(bytes.AsMemory(0, count)), length);
        }
        catch
        {
            if (content is not null)
                await content.DisposeAsync();
            else
                _ = _connection.CloseQuietlyAsync(handle);
            throw;
        }
    }

    private long? LengthIn(SftpAttributes attributes) => attributes.Size is not { } size ? 0 : range is { } part ? part.LengthWithin(size) : size;

    private StoreException NotFound() => place.Error(StoreErrorKind.NotFound, $"There is no '{key}' in '{place.StoreName}'.");

    private async Task CloseAsync(Task<byte[]> opening)
    {
        try
        {
            await _connection.CloseQuietlyAsync(await opening);
        }
        catch (Exception exception) when (exception is SftpConnectionException or SftpStatusException)
        {
            // It was not opened.
        }
    }
}
