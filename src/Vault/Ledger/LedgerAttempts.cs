namespace Coffer.Vaults.Ledger;

/// <summary>The tries to create a slot. The answer to a try is not believed but looked up; one of which the store shows nothing is made again after a while.</summary>
internal sealed class LedgerAttempts(TimeProvider time)
{
    // The layers below have retried each request already; this is for answers that were lost.
    private const int Most = 6;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private StoreException? _failure;
    private int _fruitless;

    /// <summary>Sends an object for a slot. When it returns, the object may stand there, or another one, or none.</summary>
    /// <exception cref="StoreException">It was refused, for a reason that another try does not change.</exception>
    public async ValueTask CreateAsync(LedgerSlots slots, long slot, byte[] bytes, CancellationToken cancellationToken)
    {
        _failure = null;
        try
        {
            await slots.CreateAsync(slot, bytes, cancellationToken);
        }
        catch (StoreException e) when (e.IsTransient || e.Kind is StoreErrorKind.OutcomeUnknown or StoreErrorKind.AlreadyExists)
        {
            _failure = e;
        }
    }

    /// <summary>Waits after a try of which the store shows nothing, longer each time.</summary>
    /// <exception cref="StoreException">It was one too many (<see cref="StoreErrorKind.OutcomeUnknown"/>).</exception>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (++_fruitless == Most)
        {
            throw new StoreException(
                StoreErrorKind.OutcomeUnknown,
                $"A block was sent to the ledger {Most} times, and the store shows nothing of it. It may still appear there: look again later.",
                _failure);
        }
        await Task.Delay(FirstDelay * (1 << (_fruitless - 1)), time, cancellationToken);
    }
}
