namespace Coffer.Stores;

/// <summary>
/// Lets a number of callers in at a time, the others in the order in which they came. Unlike a semaphore of the framework it hands each permit over itself,
/// so that the order is the same in every run, and a waiter goes on in the context that it waited in.
/// </summary>
internal sealed class AsyncGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free;

    /// <param name="permits">How many may be inside at a time, 1 or more.</param>
    public AsyncGate(int permits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        _free = permits;
    }

    /// <summary>Waits for a permit; dispose it to let the next one in.</summary>
    public ValueTask<Permit> EnterAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Permit>(cancellationToken);
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return ValueTask.FromResult(new Permit(this));
            }
            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        return WaitAsync(place, cancellationToken);
    }

    private async ValueTask<Permit> WaitAsync(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null))
            await place.Value.Task;
        return new Permit(this);
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A place that is no longer in the queue has its permit already, and keeps it.
            if (place.List is null)
                return;
            _waiting.Remove(place);
        }
        place.Value.SetCanceled(cancellationToken);
    }

    private void Leave()
    {
        LinkedListNode<TaskCompletionSource>? next;
        lock (_lock)
        {
            next = _waiting.First;
            if (next is null)
                _free++;
            else
                _waiting.RemoveFirst();
        }
        next?.Value.SetResult();
    }

    /// <summary>The right to be inside, given back once.</summary>
    public sealed class Permit(AsyncGate gate) : IDisposable
    {
        private AsyncGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
