namespace Coffer.Stores.S3;

/// <summary>
/// Something that is found out once, for all who ask: those who come at the same time wait for one answer, and a caller who gives up does not stop the others.
/// When it fails, the next one asks again.
/// </summary>
internal sealed class SharedAnswer<T>(Func<CancellationToken, Task<T>> ask, TimeProvider time)
{
    /// <summary>Nobody waits longer, also when the server has stalled and nobody cancels.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Task<T>? _answer;

    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        Task<T> answer;
        lock (_lock)
        {
            if (_answer is not { IsFaulted: false, IsCanceled: false })
                _answer = AskAsync();
            answer = _answer;
        }
        return await answer.WaitAsync(cancellationToken);
    }

    private async Task<T> AskAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(Longest, time);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new StoreException(StoreErrorKind.Unavailable, $"The server did not answer within {Longest.TotalSeconds} seconds.", e);
        }
    }
}
