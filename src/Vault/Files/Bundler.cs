using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>
/// Puts the small bodies of a batch together into objects of up to 16 MiB. One bundle holds bodies whose content ends fall into one segment interval, so that it dies whole.
/// </summary>
internal sealed class Bundler(VaultDevice device)
{
    /// <summary>The largest content that shares an object.</summary>
    public const int MaxContent = 1 << 20;

    private const int MaxBundle = 16 << 20;

    private readonly SortedDictionary<long, Bundle> _open = [];
    private readonly List<PutPlan> _done = [];

    /// <summary>Adds a content, and sends the bundle that it fills.</summary>
    public async Task AddAsync(PutPlan plan, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var body = new SmallBody(content.Span, device.Environment.Random);
        var segment = plan.ContentEnd - (plan.ContentEnd % (long)device.SegmentInterval.TotalMilliseconds);
        if (_open.TryGetValue(segment, out var bundle) && bundle.Length + body.Bytes.Length > MaxBundle)
            await SendAsync(segment, bundle, cancellationToken);
        if (!_open.TryGetValue(segment, out bundle))
            _open.Add(segment, bundle = new Bundle());
        bundle.Add(plan, body);
    }

    /// <summary>Sends what is left, and gives the plans of all that was added.</summary>
    public async Task<IReadOnlyList<PutPlan>> FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var (segment, bundle) in _open.ToArray())
            await SendAsync(segment, bundle, cancellationToken);
        return _done;
    }

    private async Task SendAsync(long segment, Bundle bundle, CancellationToken cancellationToken)
    {
        _open.Remove(segment);
        var sink = new ObjectSink(device);
        var name = await sink.PutAsync(bundle.ToArray(), cancellationToken);
        var use = new ObjectUse(name, bundle.Length);
        foreach (var (plan, body, offset) in bundle.Bodies)
            _done.Add(plan with { Body = body.In(name, offset), Objects = [use], Deadline = sink.Deadline });
    }

    private sealed class Bundle
    {
        public List<(PutPlan Plan, SmallBody Body, int Offset)> Bodies { get; } = [];

        public int Length { get; private set; }

        /// <summary>All pieces in one array, made in one go: a buffer that grows would leave three times its size behind.</summary>
        public byte[] ToArray()
        {
            var bytes = new byte[Length];
            foreach (var (_, body, offset) in Bodies)
                body.Bytes.CopyTo(bytes, offset);
            return bytes;
        }

        public void Add(PutPlan plan, SmallBody body)
        {
            Bodies.Add((plan, body, Length));
            Length += body.Bytes.Length;
        }
    }
}
