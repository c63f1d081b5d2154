namespace Coffer.Stores.Sftp;

/// <summary>
/// The connections of a store. The first is opened when it is needed; another one only when all are in use, and beside the work, so that nobody waits for it.
/// One that has ended is forgotten, and the next operation opens a new one.
/// </summary>
/// <param name="most">The most connections.</param>
/// <param name="open">Opens one.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionPool(int most, Func<CancellationToken, Task<SftpConnection>> open, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long no further connection is tried when one failed and others stand: a server may allow no more.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<SftpConnection> _connections = [];
    private readonly List<Task> _farewells = [];
    private readonly CancellationTokenSource _closed = new();
    private Task<SftpConnection>? _opening;
    private long? _failedAt;
    private bool _isDisposed;

    /// <summary>A connection to use until the lease is disposed.</summary>
    /// <exception cref="SftpConnectionException">There is none, and none could be opened.</exception>
    public async Task<ConnectionLease> RentAsync(CancellationToken cancellationToken)
    {
        Task<SftpConnection>? before = null;
        for (var isFirst = true; ; isFirst = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<SftpConnection> opening;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(SftpStore));
                Forget();
                var idlest = _connections.MinBy(static connection => connection.Load);
                if (isFirst)
                    before = _opening;
                if (_opening is null && (idlest is null || (idlest.Load > 0 && _connections.Count < most && !IsPausing)))
                    _opening = Observed(OpenAsync());
                if (idlest is not null)
                {
                    idlest.Load++;
                    return new ConnectionLease(this, idlest);
                }
                opening = _opening!;
            }
            SftpConnection opened;
            try
            {
                opened = await opening.WaitAsync(cancellationToken);
            }
            catch (SftpConnectionException error) when (opening == before && error.Kind == StoreErrorKind.Unavailable)
            {
                // An attempt that had begun before says nothing about now: the server may be back.
                continue;
            }
            // A server that greets and hangs up would otherwise be called again and again, without end.
            if (opened.Ended.IsCompleted && opening != before)
                throw await opened.Ended;
        }
    }

    /// <summary>A connection that stands already; null when there is none.</summary>
    public ConnectionLease? RentStanding()
    {
        lock (_lock)
        {
            Forget();
            if (_isDisposed || _connections.MinBy(static connection => connection.Load) is not { } idlest)
                return null;
            idlest.Load++;
            return new ConnectionLease(this, idlest);
        }
    }

    public void Return(SftpConnection connection)
    {
        lock (_lock)
            connection.Load--;
    }

    private bool IsPausing => _failedAt is { } failed && time.GetElapsedTime(failed) < Pause;

    private async Task<SftpConnection> OpenAsync()
    {
        // Nothing of it may run under the lock of the caller.
        await Task.Yield();
        SftpConnection? connection = null;
        var isKept = false;
        try
        {
            connection = await open(_closed.Token);
            return connection;
        }
        catch (OperationCanceledException exception) when (_closed.IsCancellationRequested)
        {
            throw new ObjectDisposedException($"'{nameof(SftpStore)}' was disposed.", exception);
        }
        finally
        {
            lock (_lock)
            {
                _opening = null;
                _failedAt = connection is null ? time.GetTimestamp() : null;
                if (connection is not null && !_isDisposed)
                {
                    _connections.Add(connection);
                    isKept = true;
                }
            }
            if (connection is not null && !isKept)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Nobody waits for a connection that is opened beside the work, and its failure is no news for anybody then.</summary>
    private static Task<SftpConnection> Observed(Task<SftpConnection> opening)
    {
        _ = opening.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return opening;
    }

    /// <summary>Leaves out the connections that have ended.</summary>
    private void Forget()
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            if (!_connections[i].Ended.IsCompleted)
                continue;
            _farewells.RemoveAll(static farewell => farewell.IsCompleted);
            _farewells.Add(_connections[i].DisposeAsync().AsTask());
            _connections.RemoveAt(i);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<SftpConnection>? opening;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            opening = _opening;
            _farewells.AddRange(_connections.Select(static connection => connection.DisposeAsync().AsTask()));
            _connections.Clear();
        }
        await _closed.CancelAsync();
        if (opening is not null)
            await opening.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Task.WhenAll(_farewells);
        _closed.Dispose();
    }
}

/// <summary>The right to use a connection, beside others.</summary>
internal sealed class ConnectionLease(ConnectionPool pool, SftpConnection connection) : IDisposable
{
    private int _isReturned;

    public SftpConnection Connection => connection;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            pool.Return(connection);
    }
}
