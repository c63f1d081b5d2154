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
        var key = new byte[BodyDescriptor.KeySize];
        device.Environment.Random.Fill(key);
        var piece = BodyWriter.SealSmall(content.Span, key);
        var segment = plan.ContentEnd - (plan.ContentEnd % (long)device.SegmentInterval.TotalMilliseconds);
        if (_open.TryGetValue(segment, out var bundle) && bundle.Length + piece.Bytes.Length > MaxBundle)
            await SendAsync(segment, bundle, cancellationToken);
        if (!_open.TryGetValue(segment, out bundle))
            _open.Add(segment, bundle = new Bundle());
        bundle.Add(plan, key, content.Length, piece);
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
        foreach (var (plan, key, length, place) in bundle.Bodies)
        {
            var body = new BodyDescriptor(key, BodyLayout.OfKnownLength(length), [place with { Object = name }]);
            _done.Add(plan with { Body = body, Objects = [use], Deadline = sink.Deadline });
        }
    }

    private sealed class Bundle
    {
        private readonly List<byte[]> _pieces = [];

        public List<(PutPlan Plan, byte[] Key, int Length, PiecePlace Place)> Bodies { get; } = [];

        public int Length { get; private set; }

        /// <summary>All pieces in one array, made in one go: a buffer that grows would leave three times its size behind.</summary>
        public byte[] ToArray()
        {
            var bytes = new byte[Length];
            var end = 0;
            foreach (var piece in _pieces)
            {
                piece.CopyTo(bytes, end);
                end += piece.Length;
            }
            return bytes;
        }

        public void Add(PutPlan plan, byte[] key, int length, SealedPiece piece)
        {
            Bodies.Add((plan, key, length, new PiecePlace(null, Length, piece.Root)));
            _pieces.Add(piece.Bytes);
            Length += piece.Bytes.Length;
        }
    }
}
