namespace Coffer.Vaults;

/// <summary>
/// Lets in as much at a time as it has places for, strictly in the order of arrival. It uses no timer and no thread of its own, so that a simulation can
/// order what waits here.
/// </summary>
internal sealed class AsyncGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly long _places;
    private long _free;

    /// <param name="places">How many places there are, 1 or more.</param>
    public AsyncGate(long places)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        _places = places;
        _free = places;
    }

    /// <summary>Waits for free places and takes them. Who needs few waits behind who came before and needs many.</summary>
    /// <param name="places">How many to take, from 1 to all.</param>
    /// <param name="cancellationToken">Gives up the place in the queue.</param>
    public async ValueTask EnterAsync(long places = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places, _places);
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (_waiting.Count == 0 && places <= _free)
            {
                _free -= places;
                return;
            }
            waiter = new Waiter(places);
            waiter.Node = _waiting.AddLast(waiter);
        }
        var registration = cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, token), null);
        try
        {
            await waiter.Entered.Task;
        }
        finally
        {
            registration.Unregister();
        }
    }

    /// <summary>Gives places back and lets in who waits for them.</summary>
    /// <param name="places">As many as were taken.</param>
    public void Leave(long places = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        lock (_lock)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(places, _places - _free);
            _free += places;
            LetIn();
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Node is null)
                return;
            _waiting.Remove(waiter.Node);
            waiter.Node = null;
            waiter.Entered.SetCanceled(cancellationToken);
            LetIn();
        }
    }

    /// <summary>Called in the lock; what goes on because of it runs later, not here.</summary>
    private void LetIn()
    {
        while (_waiting.First is { } first && first.Value.Places <= _free)
        {
            _free -= first.Value.Places;
            _waiting.RemoveFirst();
            first.Value.Node = null;
            first.Value.Entered.SetResult();
        }
    }

    private sealed class Waiter(long places)
    {
        public long Places { get; } = places;

        /// <summary>Its place in the queue; null when it waits no more.</summary>
        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
