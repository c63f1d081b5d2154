namespace Coffer.Stores.Sftp;

/// <summary>
/// Finds out whether the server creates hard links, on which create-only puts rest. That it offers the extension says little: some servers say that they made a
/// link and made none, and the file systems of others have none.
/// </summary>
internal sealed class LinkProbe(TemporaryFiles files, RemotePath paths) : IDisposable
{
    private const string Links = "links";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Verdict? _verdict;

    /// <summary>Whether it is known.</summary>
    public bool IsSettled => _verdict is not null;

    /// <summary>Why there are no create-only puts, in words for a person; null when there are, or it is not known yet.</summary>
    public string? Fault => _verdict?.Fault;

    /// <summary>What was found, to be kept: that there are links; null when it is not known, or there are none.</summary>
    public string? Answer => _verdict is { Fault: null } ? Links : null;

    /// <summary>Takes an earlier answer for granted.</summary>
    public void Trust(string answer)
    {
        if (answer == Links)
            _verdict ??= new Verdict(null);
    }

    /// <summary>Finds out, once.</summary>
    /// <param name="run">Runs something on a connection.</param>
    /// <param name="cancellationToken">Cancels it; nothing is settled then.</param>
    public async Task RunAsync(Func<Func<SftpConnection, CancellationToken, Task<string?>>, CancellationToken, Task<string?>> run, CancellationToken cancellationToken)
    {
        if (IsSettled)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsSettled)
                _verdict = new Verdict(await run(FindOutAsync, cancellationToken));
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> FindOutAsync(SftpConnection connection, CancellationToken cancellationToken)
    {
        if (!connection.Features.Has(Extension.HardLink))
            return "it does not offer hardlink@openssh.com";
        var file = files.Begin(connection);
        var name = paths.Hidden + "/put-" + Guid.NewGuid().ToString("N");
        try
        {
            return await TryAsync(connection, file, name).WaitAsync(cancellationToken);
        }
        finally
        {
            var removing = connection.RemoveQuietlyAsync(name);
            await file.DiscardAsync();
            await removing;
        }
    }

    /// <summary>A link must be made, be the file, and not be made over another.</summary>
    private static async Task<string?> TryAsync(SftpConnection connection, TemporaryFile file, string name)
    {
        const int Size = 7;
        var handle = await file.Handle;
        var write = await connection.SendAsync(connection.Request(PacketType.Write).Bytes(handle).UInt64(0).Bytes(new byte[Size]));
        if (SftpRequests.StatusOf(write) is { IsOk: false } refused)
            throw new SftpStatusException(refused, "write", file.Path);
        await file.CloseAsync(handle);
        var first = await connection.HardLinkAsync(file.Path, name);
        if (!first.IsOk)
            return $"it refuses a hard link ('{first.Message}', code {(uint)first.Code})";
        if (await connection.LookAsync(name) is not { IsFile: true, Size: Size })
            return "it says that it made a hard link, and there is none";
        var second = await connection.HardLinkAsync(file.Path, name);
        return second.IsOk ? "its hard links replace what has the name" : null;
    }

    public void Dispose() => _turn.Dispose();

    private sealed record Verdict(string? Fault);
}
