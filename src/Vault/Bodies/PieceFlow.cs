using System.Runtime.ExceptionServices;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// Work on several pieces at a time that succeeds or fails as one: the first failure cancels the rest, and nothing goes on once <see cref="FinishAsync"/> has
/// ended, so that buffers, sources and sinks are the caller's again.
/// </summary>
internal sealed class PieceFlow : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _stop;
    private readonly List<Task> _running = [];
    private ExceptionDispatchInfo? _failure;

    /// <param name="cancellationToken">The caller's; it stops everything.</param>
    public PieceFlow(CancellationToken cancellationToken)
    {
        _caller = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Cancelled by the caller and by the first failure.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Starts work on one piece.</summary>
    public void Start(Func<CancellationToken, ValueTask> work)
    {
        // A long body has many pieces, of which few are on their way.
        _running.RemoveAll(static task => task.IsCompleted);
        _running.Add(RunAsync(work));
    }

    /// <summary>Notes a failure, the first one only, and stops the rest.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null) is null)
            _stop.Cancel();
    }

    /// <summary>Waits until nothing runs any more, then throws the first failure when there was one.</summary>
    public async ValueTask FinishAsync()
    {
        await Task.WhenAll(_running);
        if (_failure is null)
            return;
        if (_failure.SourceException is OperationCanceledException)
            _caller.ThrowIfCancellationRequested();
        _failure.Throw();
    }

    private async Task RunAsync(Func<CancellationToken, ValueTask> work)
    {
        try
        {
            await work(Token);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
