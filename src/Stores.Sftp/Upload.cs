using System.Buffers;
using System.Buffers.Binary;

namespace Coffer.Stores.Sftp;

/// <summary>
/// One put: the body goes into a temporary file, with several writes under way; the file is synced and gets its name in one step. A server does what concerns one file
/// in the order in which it was asked to, so the sync and what ends the file are sent right behind the last write. A small object takes three round trips, and two more
/// for the sync of its folder.
/// </summary>
internal sealed class Upload(SftpConnection connection, Tree tree, TemporaryFiles files, StoreKey key, ObjectBody body, PutOptions options, Place place, bool fsync)
{
    private readonly TemporaryFile _file = files.Begin(connection);
    private readonly Lock _telling = new();
    private long _told;

    /// <summary>Runs it. Gives what the server says of the new file.</summary>
    public async Task<SftpAttributes> RunAsync(CancellationToken cancellationToken)
    {
        var publisher = new Publisher(connection, tree, _file, key, options.Condition, place);
        try
        {
            var sight = await tree.LookAtObjectAsync(connection, key, place).WaitAsync(cancellationToken);
            publisher.Refuse(sight);
            var handle = await _file.Handle.WaitAsync(cancellationToken);
            new KeyRules(files.FoldsCase).Check(key, StoreOperation.Put, place.StoreName);
            var written = await WriteAsync(handle, cancellationToken);
            await publisher.PublishAsync(sight, cancellationToken).WaitAsync(cancellationToken);
            return written;
        }
        catch (SftpConnectionException exception) when (options.Condition.Kind == PutConditionKind.IfAbsent)
        {
            // Until the link was asked for, there is nothing but a temporary file, which no one sees.
            throw publisher.MayHaveCreated ? SftpErrors.OutcomeUnknown(exception, place) : SftpErrors.From(exception, place with { IsBeforeEffect = true });
        }
        catch (SftpStatusException exception) when (SftpErrors.IsWithoutReason(exception))
        {
            // A full disk has room again once the temporary file is removed, so it is asked before.
            exception.Disk = await connection.FileSystemAsync(tree.Paths.Root);
            throw;
        }
        finally
        {
            await _file.DiscardAsync();
        }
    }

    /// <summary>Sends the body and ends the file. Gives what the server says of it then. Progress is what it has answered for: on a slow line that is far behind what was read.</summary>
    private async Task<SftpAttributes> WriteAsync(byte[] handle, CancellationToken cancellationToken)
    {
        using var transfer = connection.BeginTransfer();
        await using var source = await body.OpenAsync(cancellationToken: cancellationToken);
        var piece = connection.Features.WriteBytes;
        var known = (int)Math.Clamp(body.Length ?? piece, 1, piece);
        var writes = new Queue<(byte[] Buffer, Task<Reply> Answer, long End)>();
        for (var offset = 0L; ;)
        {
            var packet = new WritePacket(handle, known);
            var count = await source.ReadFullyAsync(packet.Content, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (count == 0)
            {
                packet.Return();
                return await FinishAsync(handle, offset, writes).WaitAsync(cancellationToken);
            }
            writes.Enqueue(packet.Send(connection, offset, count));
            offset += count;
            while (writes.Count >= transfer.Window(piece))
                await TakeAsync(writes.Dequeue()).WaitAsync(cancellationToken);
        }
    }

    private async Task TakeAsync((byte[] Buffer, Task<Reply> Answer, long End) write)
    {
        var status = SftpRequests.StatusOf(await write.Answer);
        // Only an answered packet has certainly left; the others are left to the collector.
        ArrayPool<byte>.Shared.Return(write.Buffer);
        if (!status.IsOk)
            throw new SftpStatusException(status, "write", _file.Path);
        lock (_telling)
        {
            // The last answers are awaited side by side.
            if (write.End > _told)
                options.Progress?.Report(_told = write.End);
        }
    }

    private async Task<SftpAttributes> FinishAsync(byte[] handle, long length, IEnumerable<(byte[] Buffer, Task<Reply> Answer, long End)> writes)
    {
        var syncing = fsync ? connection.SyncAsync(handle) : Task.FromResult(default(SftpStatus));
        var looking = connection.LookAtHandleAsync(handle, _file.Path);
        var closing = _file.CloseAsync(handle);
        // A write that failed is the reason to tell, whatever failed after it.
        await Task.WhenAll([.. writes.Select(TakeAsync), syncing, looking, closing]);
        foreach (var (status, action) in new[] { (await syncing, "sync"), (await closing, "close") })
        {
            if (!status.IsOk)
                throw new SftpStatusException(status, action, _file.Path);
        }
        var written = await looking;
        return written.Size == length ? written : throw place.Error(StoreErrorKind.Unexpected,
            $"The server has {written.Size?.ToString() ?? "an unknown number of"} bytes of '{key}' where {length} were sent. Nothing was stored; look at the server's disk.");
    }

    /// <summary>A WRITE whose content is read right behind its header, so that it goes out without a copy.</summary>
    private readonly struct WritePacket
    {
        private readonly byte[] _buffer;
        private readonly byte[] _handle;
        private readonly int _header;

        public WritePacket(byte[] handle, int content)
        {
            _handle = handle;
            _header = 4 + 1 + 4 + 4 + handle.Length + 8 + 4;
            _buffer = ArrayPool<byte>.Shared.Rent(_header + content);
            Content = _buffer.AsMemory(_header, content);
        }

        public Memory<byte> Content { get; }

        public (byte[] Buffer, Task<Reply> Answer, long End) Send(SftpConnection connection, long offset, int count)
        {
            var id = connection.NextId();
            var header = _buffer.AsSpan(0, _header);
            BinaryPrimitives.WriteInt32BigEndian(header, _header - 4 + count);
            header[4] = (byte)PacketType.Write;
            BinaryPrimitives.WriteUInt32BigEndian(header[5..], id);
            BinaryPrimitives.WriteInt32BigEndian(header[9..], _handle.Length);
            _handle.CopyTo(header[13..]);
            BinaryPrimitives.WriteInt64BigEndian(header[(13 + _handle.Length)..], offset);
            BinaryPrimitives.WriteInt32BigEndian(header[(21 + _handle.Length)..], count);
            return (_buffer, connection.SendAsync(id, _buffer.AsMemory(0, _header + count)), offset + count);
        }

        public void Return() => ArrayPool<byte>.Shared.Return(_buffer);
    }
}
