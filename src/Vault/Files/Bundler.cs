using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>
/// Puts the small bodies of a batch together into objects of up to 16 MiB: one that is full is sealed on all cores and sent while the next is filled. One bundle holds bodies whose content ends fall into one segment
/// interval, so that it dies whole.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="pool">The memory for bundles on their way.</param>
/// <param name="flow">Where they are sealed and sent; when it has finished, all plans are there.</param>
/// <param name="plans">Gets the plan of each content, at its place in the batch.</param>
internal sealed class Bundler(VaultDevice device, PiecePool pool, PieceFlow flow, PutPlan[] plans)
{
    /// <summary>The largest content that shares an object.</summary>
    public const int MaxContent = 1 << 20;

    private const int MaxBundle = 16 << 20;

    private readonly SortedDictionary<long, Bundle> _open = [];

    /// <summary>Adds a content, and sends the bundle that was too full for it. The content must stay as it is until the flow has finished.</summary>
    public async Task AddAsync(int index, PutPlan plan, ReadOnlyMemory<byte> content)
    {
        var layout = BodyLayout.OfKnownLength(content.Length);
        var length = layout.Piece(0).SealedLength;
        var segment = plan.ContentEnd - (plan.ContentEnd % (long)device.SegmentInterval.TotalMilliseconds);
        if (_open.TryGetValue(segment, out var bundle) && bundle.Length + length > MaxBundle)
            await StartAsync(segment, bundle);
        if (!_open.TryGetValue(segment, out bundle))
            _open.Add(segment, bundle = new Bundle());
        bundle.Bodies.Add(new Member(index, plan, content, layout, bundle.Length));
        bundle.Length += length;
    }

    /// <summary>Sends what is left.</summary>
    public async Task FinishAsync()
    {
        foreach (var (segment, bundle) in _open.ToArray())
            await StartAsync(segment, bundle);
    }

    private async Task StartAsync(long segment, Bundle bundle)
    {
        _open.Remove(segment);
        var buffer = await pool.RentAsync(bundle.Length, flow.Token);
        flow.Start(token => SendAsync(bundle, buffer, token));
    }

    private async ValueTask SendAsync(Bundle bundle, PieceBuffer buffer, CancellationToken cancellationToken)
    {
        using (buffer)
        {
            var sealedBodies = await SealAsync(bundle.Bodies, buffer.Memory, cancellationToken);
            var sink = new ObjectSink(device);
            var name = await sink.PutAsync(buffer.Memory, cancellationToken);
            var uses = sink.Uses;
            for (var i = 0; i < sealedBodies.Length; i++)
            {
                var member = bundle.Bodies[i];
                var body = new BodyDescriptor(sealedBodies[i].Key, member.Layout, [new PiecePlace(name, member.Offset, sealedBodies[i].Root)]);
                plans[member.Index] = member.Plan with { Body = body, Objects = uses, Deadline = sink.Deadline };
            }
        }
    }

    private async Task<(byte[] Key, Digest Root)[]> SealAsync(List<Member> bodies, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        // All keys are drawn before the workers begin, and so in the same order always.
        var keys = new byte[bodies.Count * BodyDescriptor.KeySize];
        device.Environment.Random.Fill(keys);
        var sealedBodies = new (byte[] Key, Digest Root)[bodies.Count];
        await device.Environment.Workers.ForEachAsync(
            bodies.Count, i => sealedBodies[i] = Seal(bodies[i], keys.AsSpan(i * BodyDescriptor.KeySize, BodyDescriptor.KeySize).ToArray(), bytes.Span), cancellationToken);
        return sealedBodies;
    }

    private static (byte[] Key, Digest Root) Seal(Member member, byte[] key, Span<byte> bytes)
    {
        var piece = member.Layout.Piece(0);
        using var sealer = new PieceSealer(key);
        return (key, sealer.Seal(piece, member.Content.Span, bytes.Slice(member.Offset, piece.SealedLength)));
    }

    private sealed record Member(int Index, PutPlan Plan, ReadOnlyMemory<byte> Content, BodyLayout Layout, int Offset);

    private sealed class Bundle
    {
        public List<Member> Bodies { get; } = [];

        public int Length { get; set; }
    }
}
