using Coffer.Vaults.Files;

namespace Coffer.Vaults.Pending;

/// <summary>Who in this process is told how far the sending of a queued write is.</summary>
/// <param name="moved">Told with each of them that something moves.</param>
internal sealed class ProgressListeners(Action moved)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, IProgress<long>> _listeners = [];

    /// <summary>Notes who is told how far writes are that are about to be accepted.</summary>
    public void Listen(IReadOnlyList<AcceptedWrite> writes)
    {
        lock (_lock)
        {
            foreach (var write in writes)
            {
                if (write.Progress is { } progress)
                    _listeners.Add(write.Plan.Id, progress);
            }
        }
    }

    /// <summary>Nobody is told of these records any more.</summary>
    public void Forget(IEnumerable<UInt128> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
                _listeners.Remove(record);
        }
    }

    /// <summary>Who is told of a record.</summary>
    public IProgress<long> Of(UInt128 record)
    {
        lock (_lock)
            return new Told(moved, _listeners.GetValueOrDefault(record));
    }

    private sealed class Told(Action moved, IProgress<long>? to) : IProgress<long>
    {
        public void Report(long value)
        {
            moved();
            to?.Report(value);
        }
    }
}
