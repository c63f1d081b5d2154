using System.Runtime.ExceptionServices;

namespace Coffer.Cli.Files;

/// <summary>Runs a bounded number of operations at a time. The first that fails cancels the others, and its error is the one that is thrown.</summary>
internal sealed class TaskLane : IDisposable
{
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _source;
    private Exception? _error;

    private TaskLane(int width, CancellationToken cancellationToken)
    {
        _free = new SemaphoreSlim(width);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Cancelled when the caller cancels or an operation failed.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Runs what <paramref name="start"/> starts. All of it has ended when this returns, whatever its end.</summary>
    /// <param name="width">How many operations at a time.</param>
    /// <param name="start">Starts the operations, by <see cref="StartAsync"/>.</param>
    /// <param name="cancellationToken">Cancels all of it.</param>
    public static async Task RunAsync(int width, Func<TaskLane, Task> start, CancellationToken cancellationToken)
    {
        using var lane = new TaskLane(width, cancellationToken);
        try
        {
            await start(lane);
        }
        catch (Exception e)
        {
            await lane.FailAsync(e);
        }
        for (var i = 0; i < width; i++)
            await lane._free.WaitAsync(CancellationToken.None);
        if (lane._error is { } error)
            ExceptionDispatchInfo.Throw(error);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Starts an operation once there is room for it.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled, or an earlier operation failed.</exception>
    public async Task StartAsync(Func<CancellationToken, Task> operation)
    {
        await _free.WaitAsync(Token);
        _ = RunOneAsync(operation);
    }

    public void Dispose()
    {
        _source.Dispose();
        _free.Dispose();
    }

    private async Task RunOneAsync(Func<CancellationToken, Task> operation)
    {
        try
        {
            await Task.Yield();
            await operation(Token);
        }
        catch (Exception e)
        {
            await FailAsync(e);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Keeps the first error. A cancellation that follows from it, or from the caller, is none.</summary>
    private async Task FailAsync(Exception error)
    {
        if (error is not OperationCanceledException || !Token.IsCancellationRequested)
            Interlocked.CompareExchange(ref _error, error, null);
        await _source.CancelAsync();
    }
}
