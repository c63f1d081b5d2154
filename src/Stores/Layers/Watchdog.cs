namespace Coffer.Stores;

/// <summary>Cancels its token when it was started, and neither stopped nor started again within the limit.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly ITimer _timer;
    private volatile bool _expired;

    public Watchdog(TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _timer = time.CreateTimer(static state => ((Watchdog)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller, or when the time is over.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The limit that was set last.</summary>
    public TimeSpan Limit { get; private set; }

    public void Start(TimeSpan limit)
    {
        Limit = limit;
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Whether an error came from the time being over: the caller did not cancel, and it is no verdict of the store's that stands for itself.
    /// </summary>
    public bool Caused(Exception e) =>
        _expired && !_caller.IsCancellationRequested && e is OperationCanceledException or StoreException { Kind: StoreErrorKind.Unavailable or StoreErrorKind.Unexpected };

    private void Expire()
    {
        _expired = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The operation ended in this very moment, and nobody waits for it any more.
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }
}
