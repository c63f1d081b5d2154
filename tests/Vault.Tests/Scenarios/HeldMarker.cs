namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>
/// Holds up the second put of the change marker that goes through a store. Whoever sees it begin knows that the first one was answered and that the vault has noted what it needs of it; and until it is let go, no other comes.
/// </summary>
internal sealed class HeldMarker : IDisposable
{
    // Far longer than a put takes anywhere: a marker that does not come fails the test instead of holding it up for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _puts;

    public HeldMarker(HookedStore store)
    {
        store.BeforePut = async key =>
        {
            if (!key.EndsWith("/changed", StringComparison.Ordinal))
                return;
            switch (Interlocked.Increment(ref _puts))
            {
                case 1:
                    await BeforeFirst();
                    _first.SetResult();
                    break;
                case 2:
                    _second.SetResult();
                    await _letGo.Task;
                    break;
            }
        };
    }

    /// <summary>Done before the first put is sent.</summary>
    public Func<Task> BeforeFirst { get; init; } = static () => Task.CompletedTask;

    /// <summary>Ends when the first put is on its way.</summary>
    public Task First => _first.Task.WaitAsync(Patience);

    /// <summary>Ends when the second put would be sent.</summary>
    public Task Second => _second.Task.WaitAsync(Patience);

    /// <summary>Lets the second put go.</summary>
    public void Dispose() => _letGo.TrySetResult();
}
