using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Coffer.Stores.Sftp;

/// <summary>
/// A session of SFTP version 3. Any number of requests may be under way: one loop writes them, one loop reads the answers and never waits for anybody, because a
/// server that cannot send its answers stops to read requests. When the session ends, for whatever reason, all of them fail with the same <see cref="SftpConnectionException"/>.
/// </summary>
internal sealed class SftpConnection : IAsyncDisposable
{
    /// <summary>How much of contents is under way at a time: enough to fill a long line, and little enough not to delay other requests for long.</summary>
    private const int BytesInFlight = 4 << 20;

    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private readonly IByteTransport _transport;
    private readonly PacketSource _source;
    private readonly OutgoingQueue _outgoing;
    private readonly ConcurrentDictionary<uint, PendingRequest> _pending = new();
    private readonly TaskCompletionSource<SftpConnectionException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SilenceWatch _watch;
    private Task _reading = Task.CompletedTask;
    private uint _lastId;
    private int _transfers;

    private SftpConnection(IByteTransport transport, TimeProvider time, TimeSpan requestTimeout)
    {
        _transport = transport;
        _source = new PacketSource(transport.Input);
        _watch = new SilenceWatch(time, requestTimeout, () => !_pending.IsEmpty, OnSilence);
        _outgoing = new OutgoingQueue(transport.Output, _watch.Touch, transport.Abort);
        FolderSync = new FolderSync(this.SyncFolderAsync);
        Features = new ServerFeatures(new HashSet<string>(StringComparer.Ordinal), ServerFeatures.SafeBytes, ServerFeatures.SafeBytes);
    }

    /// <summary>What the server offers.</summary>
    public ServerFeatures Features { get; private set; }

    /// <summary>Syncs folders for those who use this connection. Each connection has its own, so that its end fails nobody on another one.</summary>
    public FolderSync FolderSync { get; }

    /// <summary>Whom it leads to, for messages.</summary>
    public string Target => _transport.Target;

    /// <summary>Completes when the connection has ended.</summary>
    public Task<SftpConnectionException> Ended => _ended.Task;

    /// <summary>How many operations use it. Kept by the pool.</summary>
    public int Load { get; set; }

    /// <summary>Opens a session on a transport, which belongs to it from now on.</summary>
    /// <exception cref="SftpConnectionException">The server does not answer as an SFTP server does.</exception>
    public static async Task<SftpConnection> OpenAsync(IByteTransport transport, TimeProvider time, TimeSpan requestTimeout, CancellationToken cancellationToken)
    {
        var connection = new SftpConnection(transport, time, requestTimeout);
        try
        {
            await connection.GreetAsync(cancellationToken);
            connection._reading = connection.ReadLoopAsync();
            if (connection.Features.Has(Extension.Limits))
                await connection.AskLimitsAsync(cancellationToken);
            return connection;
        }
        catch
        {
            transport.Abort();
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _transport.Output.WriteAsync(new byte[] { 0, 0, 0, 5, (byte)PacketType.Init, 0, 0, 0, 3 }, cancellationToken);
            await _transport.Output.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The other end is gone already; reading finds out why.
        }
        var bytes = await ReadFirstAsync(cancellationToken) ?? throw await _transport.ExplainAsync();
        _transport.Established();
        if (bytes[0] != (byte)PacketType.Version)
            throw Malformed(new MalformedPacketException($"it is of the type {bytes[0]} where VERSION was due"));
        try
        {
            var (version, extensions) = ServerFeatures.ReadVersion(bytes.AsSpan(1));
            if (version != 3)
                throw new SftpConnectionException(StoreErrorKind.Unsupported, $"{Target} speaks version {version} of SFTP, and this store speaks version 3.");
            Features = Features with { Extensions = extensions };
        }
        catch (MalformedPacketException exception)
        {
            throw Malformed(exception);
        }
    }

    private async Task<byte[]?> ReadFirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _source.NextAsync(cancellationToken) is not { } length)
                return null;
            var bytes = new byte[length];
            await _source.ReadAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (MalformedPacketException exception)
        {
            throw await _source.PrintedTextAsync(cancellationToken) is { } text
                ? new SftpConnectionException(StoreErrorKind.Unsupported,
                    $"{Target} printed a text where SFTP was due: '{text}'. A login script or a forced command of this account writes to standard output; let it write nothing when there is no terminal.")
                : Malformed(exception);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task AskLimitsAsync(CancellationToken cancellationToken)
    {
        var reply = await SendAsync(Request(PacketType.Extended).Text(Extension.Limits)).WaitAsync(cancellationToken);
        try
        {
            if (reply.Type == PacketType.ExtendedReply)
                Features = Features.WithLimits(reply.Body.Span);
        }
        catch (MalformedPacketException exception)
        {
            throw Malformed(exception);
        }
    }

    /// <summary>A new request, to be filled and sent.</summary>
    public PacketWriter Request(PacketType type) => new(type, NextId());

    /// <summary>The number of the next request.</summary>
    public uint NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Sends a request.</summary>
    public Task<Reply> SendAsync(PacketWriter request, Memory<byte> destination = default) => SendAsync(request.Id, request.Finish(), destination);

    /// <summary>Sends a request that is a packet already. Its bytes must not change until the answer has come.</summary>
    public Task<Reply> SendAsync(uint id, ReadOnlyMemory<byte> packet, Memory<byte> destination = default)
    {
        var pending = new PendingRequest(destination);
        if (_pending.IsEmpty)
            _watch.Touch();
        _pending[id] = pending;
        _outgoing.Add(packet);
        // Whoever ends the connection sets this first and fails what is pending then, so that no request is forgotten between the two.
        if (_ended.Task.IsCompletedSuccessfully && _pending.TryRemove(id, out _))
            pending.TrySetException(_ended.Task.Result);
        return pending.Task;
    }

    /// <summary>Says that a content is read or written, until what is given is disposed: those that are under way at a time share what may be in flight.</summary>
    public Transfer BeginTransfer()
    {
        Interlocked.Increment(ref _transfers);
        return new Transfer(this);
    }

    /// <summary>A content that is read or written.</summary>
    public sealed class Transfer(SftpConnection connection) : IDisposable
    {
        private int _isOver;

        /// <summary>How many requests of a size it may have under way.</summary>
        public int Window(int bytes) => Math.Max(2, BytesInFlight / bytes / Math.Max(1, Volatile.Read(ref connection._transfers)));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                Interlocked.Decrement(ref connection._transfers);
        }
    }

    private async Task ReadLoopAsync()
    {
        SftpConnectionException reason;
        try
        {
            while (await _source.NextAsync(CancellationToken.None) is { } length)
                await ReadReplyAsync(length);
            reason = await _transport.ExplainAsync();
        }
        catch (EndOfStreamException)
        {
            reason = await _transport.ExplainAsync();
        }
        catch (MalformedPacketException exception)
        {
            reason = Malformed(exception);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            reason = Lost(exception);
        }
        End(reason);
        _transport.Abort();
    }

    private async ValueTask ReadReplyAsync(int length)
    {
        const int HeaderBytes = 5;
        var header = new byte[HeaderBytes];
        await _source.ReadAsync(header, CancellationToken.None);
        _watch.Touch();
        var type = (PacketType)header[0];
        var id = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        // It stays among the pending until it is whole, so that it fails with them when the connection ends in the middle.
        if (!_pending.TryGetValue(id, out var pending))
            throw new MalformedPacketException($"it answers the request {id}, which nobody sent");
        var body = type == PacketType.Data ? await DataBufferAsync(pending, length - HeaderBytes) : new byte[length - HeaderBytes];
        await _source.ReadAsync(body, CancellationToken.None);
        if (_pending.TryRemove(id, out _))
            pending.TrySetResult(new Reply(type, body));
    }

    /// <summary>The part of the buffer that waits for this content.</summary>
    private async ValueTask<Memory<byte>> DataBufferAsync(PendingRequest pending, int length)
    {
        var count = new byte[sizeof(uint)];
        if (length < sizeof(uint))
            throw new MalformedPacketException("it is a DATA without a length");
        await _source.ReadAsync(count, CancellationToken.None);
        var bytes = BinaryPrimitives.ReadUInt32BigEndian(count);
        if (bytes != length - sizeof(uint) || bytes > pending.Destination.Length)
            throw new MalformedPacketException($"it has {bytes} bytes of content where {pending.Destination.Length} were asked for");
        return pending.Destination[..(int)bytes];
    }

    private void OnSilence(TimeSpan limit)
    {
        End(new SftpConnectionException(StoreErrorKind.Unavailable,
            $"{Target} has left a request without an answer for {limit.TotalSeconds:0.#} s, which is the limit (requestTimeout). The connection was ended."));
        _transport.Abort();
    }

    private void End(SftpConnectionException reason)
    {
        _ended.TrySetResult(reason);
        reason = _ended.Task.Result;
        _outgoing.Complete();
        foreach (var id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out var pending))
                pending.TrySetException(reason);
        }
    }

    private SftpConnectionException Lost(Exception exception) =>
        new(StoreErrorKind.Unavailable, $"The connection to {Target} was lost: {OneLine.Of(exception.Message)}", isTransient: true, exception);

    private SftpConnectionException Malformed(MalformedPacketException exception) =>
        new(StoreErrorKind.Unexpected, $"{Target} sent a packet that is no SFTP: {exception.Message}.", isTransient: false, exception);

    /// <summary>Ends the session: what was sent is given a moment to leave, then the server sees the end.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        _ended.TrySetResult(new SftpConnectionException(StoreErrorKind.Unavailable, $"The connection to {Target} was closed."));
        await _outgoing.DrainAsync(GoodbyeTime);
        End(_ended.Task.Result);
        await _transport.DisposeAsync();
        await _reading;
    }
}
