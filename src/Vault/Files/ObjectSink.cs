using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Housekeeping;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Transfers;

namespace Coffer.Vaults.Files;

/// <summary>
/// Puts the pieces of one body on the store, each as an object of its own under a random name. A put whose answer was lost is sent again: nobody else has that name, so to find it taken means that the first one arrived.
/// </summary>
internal sealed class ObjectSink(VaultDevice device, UploadJournal? upload = null) : IPieceSink
{
    private const int MostAttempts = 6;

    /// <summary>Half the grace time: an object that is older is not named any more, because it may be cleaned away as an orphan.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromDays(3.5);

    private readonly Lock _lock = new();
    private readonly List<ObjectUse> _uses = [];
    private long _deadline = upload?.Deadline ?? long.MaxValue;

    /// <summary>The objects put so far.</summary>
    public IReadOnlyList<ObjectUse> Uses
    {
        get
        {
            lock (_lock)
                return [.. _uses];
        }
    }

    /// <summary>Until when a commit may name all of them, by <see cref="VaultDevice.StoreNow"/>.</summary>
    public long Deadline
    {
        get
        {
            lock (_lock)
                return _deadline;
        }
    }

    /// <summary>Until when a commit may name what is put now, by <see cref="VaultDevice.StoreNow"/>.</summary>
    public static long DeadlineAt(VaultDevice device) => device.StoreNow + (long)MostAge.TotalMilliseconds;

    /// <exception cref="SourceChangedException">An upload that is gone on with had another content there, or began too long ago.</exception>
    public async ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken)
    {
        var name = NewName();
        var began = false;
        if (upload?.Find(pieceIndex) is { } earlier)
        {
            if (earlier.Root != root)
                throw new SourceChangedException();
            name = earlier.Name;
            began = true;
        }
        else if (upload is not null)
        {
            await device.Environment.Workers.RunAsync(() => upload.Add(new UploadedPiece(pieceIndex, name, root)), cancellationToken);
        }
        if (!began || !await IsThereAsync(name, sealedPiece.Length, cancellationToken))
            await PutAsync(name, sealedPiece, began, cancellationToken);
        else
            Add(name, sealedPiece.Length);
        return new PiecePlace(name, 0, root);
    }

    /// <summary>Puts one object.</summary>
    public async ValueTask<ObjectName> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var name = NewName();
        await PutAsync(name, bytes, began: false, cancellationToken);
        return name;
    }

    /// <summary>Whether an earlier put arrived. That may be long ago, whatever the local clock said then, so the store tells its age.</summary>
    private async ValueTask<bool> IsThereAsync(ObjectName name, int size, CancellationToken cancellationToken)
    {
        if (await device.Store.StatAsync(device.Names.Object(name), cancellationToken) is not { } info)
            return false;
        var now = info.StoreTime ?? device.StoreTime.Now ?? await StoreClock.ReadAsync(device, cancellationToken);
        // What is not as long is not ours, and its name is taken.
        if (info.Size != size || now - info.LastModified >= MostAge)
            throw new SourceChangedException();
        if (now - info.LastModified is { } age)
            NoteDeadline(DeadlineAt(device) - (long)age.TotalMilliseconds);
        return true;
    }

    private async ValueTask PutAsync(ObjectName name, ReadOnlyMemory<byte> bytes, bool began, CancellationToken cancellationToken)
    {
        var key = device.Names.Object(name);
        var wait = TimeSpan.FromMilliseconds(100);
        for (var attempt = 1; ; attempt++)
        {
            var sent = Moment.Now(device.Time);
            try
            {
                var put = await device.Store.PutBytesAsync(key, bytes, PutOptions.CreateOnly, cancellationToken);
                if ((put.StoreTime ?? put.LastModified) is { } told)
                    device.StoreTime.Note(told, sent);
                break;
            }
            catch (StoreException fault) when (fault.Kind == StoreErrorKind.AlreadyExists && (began || attempt > 1))
            {
                break;
            }
            catch (StoreException fault) when (attempt < MostAttempts && (fault.IsTransient || fault.Kind == StoreErrorKind.OutcomeUnknown))
            {
                await Task.Delay(fault.RetryAfter is { } asked && asked > wait ? asked : wait, device.Time, cancellationToken);
                wait *= 2;
            }
        }
        NoteDeadline(DeadlineAt(device));
        Add(name, bytes.Length);
    }

    private void NoteDeadline(long deadline)
    {
        lock (_lock)
            _deadline = Math.Min(_deadline, deadline);
    }

    private void Add(ObjectName name, int size)
    {
        lock (_lock)
            _uses.Add(new ObjectUse(name, size));
    }

    private ObjectName NewName()
    {
        Span<byte> id = stackalloc byte[16];
        device.Environment.Random.Fill(id);
        return new ObjectName(VaultNames.Segment(device.Time.GetUtcNow(), device.SegmentInterval), BinaryPrimitives.ReadUInt128BigEndian(id));
    }
}
