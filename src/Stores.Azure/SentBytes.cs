namespace Coffer.Stores.Azure;

/// <summary>Reports how many bytes of a body went out, over several blocks at a time.</summary>
internal sealed class SentBytes(IProgress<long>? progress)
{
    private readonly Lock _lock = new();
    private long _total;

    /// <summary>The progress of one block, over all its attempts: what is sent again does not count twice.</summary>
    public IProgress<long> Block() => new BlockProgress(this);

    private void Add(long count)
    {
        lock (_lock)
        {
            _total += count;
            progress?.Report(_total);
        }
    }

    private sealed class BlockProgress(SentBytes all) : IProgress<long>
    {
        private long _most;

        public void Report(long value)
        {
            if (value <= _most)
                return;
            all.Add(value - _most);
            _most = value;
        }
    }
}
