namespace Coffer.Stores.Sftp;

/// <summary>A file that is being written on the server. Discarding it removes it, unless it has got its key's name instead of its own.</summary>
/// <param name="connection">Where it is written.</param>
/// <param name="path">Its path on the server.</param>
/// <param name="opening">Its handle, when it is open.</param>
/// <param name="files">Who remembers it when it cannot be removed.</param>
internal sealed class TemporaryFile(SftpConnection connection, string path, Task<byte[]> opening, TemporaryFiles files)
{
    /// <summary>How long a cancelled put waits until its file is removed. It is removed afterwards, too.</summary>
    private static readonly TimeSpan DiscardTime = TimeSpan.FromSeconds(1);

    private bool _isClosed;

    public string Path => path;

    /// <summary>Its handle. Waiting for it may be given up.</summary>
    public Task<byte[]> Handle => opening;

    /// <summary>Whether it still has a name of its own.</summary>
    public bool HasName { get; set; } = true;

    /// <summary>Closes it.</summary>
    public Task<SftpStatus> CloseAsync(byte[] handle)
    {
        _isClosed = true;
        return connection.CloseAsync(handle);
    }

    /// <summary>Closes and removes it, as far as that is needed, and waits for that a little.</summary>
    public async Task DiscardAsync()
    {
        if (!HasName)
            return;
        await Task.WhenAny(RemoveAsync(), Task.Delay(DiscardTime));
    }

    private async Task RemoveAsync()
    {
        try
        {
            var handle = await opening;
            if (!_isClosed)
                await Task.WhenAll(CloseAsync(handle), connection.RemoveAsync(path));
            else
                await connection.RemoveAsync(path);
        }
        catch (SftpStatusException)
        {
            // It was never made.
        }
        catch (SftpConnectionException)
        {
            files.Leave(path);
        }
    }
}
