using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults.Files;

/// <summary>
/// Puts the pieces of one body on the store, each as an object of its own under a random name. A put whose answer was lost is sent again: nobody else has that name, so to find it taken means that the first one arrived.
/// </summary>
internal sealed class ObjectSink(VaultDevice device) : IPieceSink
{
    private const int MostAttempts = 6;

    /// <summary>Half the grace time: an object that is older is not named any more, because it may be cleaned away as an orphan.</summary>
    private static readonly TimeSpan MostAge = TimeSpan.FromDays(3.5);

    private readonly Lock _lock = new();
    private readonly List<ObjectUse> _uses = [];

    /// <summary>The objects put so far.</summary>
    public IReadOnlyList<ObjectUse> Uses
    {
        get
        {
            lock (_lock)
                return [.. _uses];
        }
    }

    /// <summary>Until when a commit may name them, in local milliseconds.</summary>
    public long Deadline { get; } = device.Now + (long)MostAge.TotalMilliseconds;

    public async ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken) =>
        new(await PutAsync(sealedPiece, cancellationToken), 0, root);

    /// <summary>Puts one object.</summary>
    public async ValueTask<ObjectName> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var name = NewName();
        var key = device.Names.Object(name);
        var wait = TimeSpan.FromMilliseconds(100);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await device.Store.PutBytesAsync(key, bytes, PutOptions.CreateOnly, cancellationToken);
                break;
            }
            catch (StoreException fault) when (fault.Kind == StoreErrorKind.AlreadyExists && attempt > 1)
            {
                break;
            }
            catch (StoreException fault) when (attempt < MostAttempts && (fault.IsTransient || fault.Kind == StoreErrorKind.OutcomeUnknown))
            {
                await Task.Delay(fault.RetryAfter is { } asked && asked > wait ? asked : wait, device.Time, cancellationToken);
                wait *= 2;
            }
        }
        lock (_lock)
            _uses.Add(new ObjectUse(name, bytes.Length));
        return name;
    }

    private ObjectName NewName()
    {
        Span<byte> id = stackalloc byte[16];
        device.Environment.Random.Fill(id);
        return new ObjectName(VaultNames.Segment(device.Time.GetUtcNow(), device.SegmentInterval), BinaryPrimitives.ReadUInt128BigEndian(id));
    }
}
