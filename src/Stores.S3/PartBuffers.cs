namespace Coffer.Stores.S3;

/// <summary>The buffers of one upload. There are never more than parts are read and sent at a time.</summary>
internal sealed class PartBuffers(long partSize)
{
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = [];

    public PartBuffer Rent()
    {
        lock (_lock)
            return new PartBuffer(_free.TryPop(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(checked((int)partSize)));
    }

    public void Return(PartBuffer part)
    {
        lock (_lock)
            _free.Push(part.Whole);
    }
}

/// <summary>One part of a body, in memory until it is sent.</summary>
internal sealed class PartBuffer(byte[] bytes)
{
    /// <summary>All of the buffer.</summary>
    public byte[] Whole => bytes;

    /// <summary>How much of it is filled.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no more room.</summary>
    public bool IsFull => Count == bytes.Length;

    /// <summary>What of it is filled.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, Count);

    /// <summary>A larger buffer with what this one has.</summary>
    public PartBuffer Grown(long size)
    {
        var larger = GC.AllocateUninitializedArray<byte>(checked((int)size));
        Bytes.CopyTo(larger);
        return new PartBuffer(larger) { Count = Count };
    }

    /// <summary>Reads until the buffer is full or the source has ended.</summary>
    public async ValueTask FillAsync(Stream source, CancellationToken cancellationToken) => Count += await source.ReadFullyAsync(bytes.AsMemory(Count), cancellationToken);
}

/// <summary>How much of an upload's parts was sent, all together. A part that is sent again counts when it comes further than before.</summary>
internal sealed class SentTally(IProgress<long>? progress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _parts = [];
    private long _sum;

    public void Report(int part, long sent)
    {
        if (progress is null)
            return;
        lock (_lock)
        {
            var before = _parts.GetValueOrDefault(part);
            if (sent <= before)
                return;
            _parts[part] = sent;
            _sum += sent - before;
            progress.Report(_sum);
        }
    }
}
