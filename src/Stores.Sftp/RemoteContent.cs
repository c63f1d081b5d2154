using System.Buffers;

namespace Coffer.Stores.Sftp;

/// <summary>A part of an open file, with several reads under way. Later replacement or removal of the object's name does not touch it.</summary>
internal sealed class RemoteContent : ReadOnlyStream
{
    private readonly ConnectionLease _lease;
    private readonly SftpConnection.Transfer _transfer;
    private readonly byte[] _handle;
    private readonly string _path;
    private readonly Place _place;
    private readonly long _offset;
    private readonly int _piece;
    private readonly Queue<Part> _parts = new();
    private long _length;
    private long _asked;
    private int _taken;
    private bool _isDisposed;

    /// <param name="lease">The connection, which is used until this is disposed.</param>
    /// <param name="handle">The open file. It is closed with this.</param>
    /// <param name="path">Its path on the server.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="place">The operation.</param>
    public RemoteContent(ConnectionLease lease, byte[] handle, string path, long offset, long length, Place place)
    {
        (_lease, _handle, _path, _place) = (lease, handle, path, place);
        (_offset, _asked, _length) = (offset, offset, length);
        _piece = lease.Connection.Features.ReadBytes;
        _transfer = lease.Connection.BeginTransfer();
        Ask();
    }

    public override long Length => _length;

    /// <summary>Begins anew with another length, before anything was read.</summary>
    public void StartOver(long length)
    {
        Abandon();
        (_asked, _length) = (_offset, length);
        Ask();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        Ask();
        if (buffer.IsEmpty || !_parts.TryPeek(out var part))
            return 0;
        try
        {
            var available = await part.Filling.WaitAsync(cancellationToken);
            var count = Math.Min(buffer.Length, available - _taken);
            part.Buffer.AsMemory(_taken, count).CopyTo(buffer);
            _taken += count;
            // A part that is shorter than what was asked for is the end of the file, and stays in front to say so again.
            if (_taken == available && available == part.Wanted)
            {
                ArrayPool<byte>.Shared.Return(_parts.Dequeue().Buffer);
                _taken = 0;
                Ask();
            }
            return count;
        }
        catch (SftpConnectionException exception)
        {
            throw SftpErrors.From(exception, _place);
        }
        catch (SftpStatusException exception)
        {
            throw SftpErrors.From(exception, _place);
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("The content of an object on a server is read asynchronously: use ReadAsync.");

    /// <summary>Asks for what comes next, as far as the window reaches.</summary>
    private void Ask()
    {
        for (var window = _transfer.Window(_piece); _asked < _offset + _length && _parts.Count < window;)
        {
            var wanted = (int)Math.Min(_piece, _offset + _length - _asked);
            var buffer = ArrayPool<byte>.Shared.Rent(wanted);
            _parts.Enqueue(new Part(buffer, wanted, FillAsync(_asked, buffer.AsMemory(0, wanted))));
            _asked += wanted;
        }
    }

    /// <summary>A server may give less than was asked for: the rest is asked for again.</summary>
    private async Task<int> FillAsync(long offset, Memory<byte> destination)
    {
        var filled = 0;
        while (filled < destination.Length && await _lease.Connection.ReadAsync(_handle, _path, offset + filled, destination[filled..]) is var count and > 0)
            filled += count;
        return filled;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Abandon();
            _ = _lease.Connection.CloseQuietlyAsync(_handle);
            _transfer.Dispose();
            _lease.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Forgets the reads that are under way. Their buffers still belong to the connection, and are left to the collector.</summary>
    private void Abandon()
    {
        foreach (var part in _parts)
            _ = part.Filling.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        _parts.Clear();
    }

    /// <param name="Buffer">Where it goes.</param>
    /// <param name="Wanted">How many bytes it has, unless the file ends before.</param>
    /// <param name="Filling">How many came.</param>
    private sealed record Part(byte[] Buffer, int Wanted, Task<int> Filling);
}
