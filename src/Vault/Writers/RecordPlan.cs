using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Writers;

/// <summary>A record that somebody wants written. It becomes a record when its commit is built, because only then its end is known.</summary>
internal abstract record RecordPlan
{
    public required long Space { get; init; }

    public required string Path { get; init; }

    /// <summary>Drawn when the write was accepted; it stays, however often the record is committed.</summary>
    public required UInt128 Id { get; init; }

    /// <summary>The entry of the queue that it belongs to; null when somebody waits for it. It is not committed when the entry was taken out meanwhile.</summary>
    public long? Pending { get; init; }

    /// <summary>Who alone can read it, beside its author; null for a plain record.</summary>
    public PublicId? Recipient { get; init; }

    /// <summary>What was made for a sealed record before its commit is built; null before that, and for a plain one.</summary>
    public SealedPlan? Sealed { get; init; }

    /// <summary>The record, as it is or before it is sealed.</summary>
    /// <param name="small">The body of a put whose content goes into the tail, in its place there; null where there is no such content.</param>
    /// <param name="recordEnd">When the record ends, in milliseconds since 1970; 0 = never.</param>
    public abstract FileRecord ToRecord(BodyDescriptor? small, long recordEnd);
}

/// <summary>The parts of a sealed record that are made once, however often its commit is built.</summary>
/// <param name="Small">The body that goes into the tail; null when there is none.</param>
/// <param name="Secret">The secret half of the record, which holds the key of that body.</param>
internal sealed record SealedPlan(SmallBody? Small, SealedParts Secret);

/// <summary>A new version of a file.</summary>
internal sealed record PutPlan : RecordPlan
{
    public required long Modified { get; init; }

    public ReadOnlyMemory<byte> Attributes { get; init; }

    public long ContentEnd { get; init; }

    /// <summary>The content, when it goes into the tail of the commit; that of a plain record is sealed anew under a new key each time that one is built.</summary>
    public ReadOnlyMemory<byte>? Small { get; init; }

    /// <summary>The body, when it is on the store already.</summary>
    public BodyDescriptor Body { get; init; } = BodyDescriptor.Empty;

    /// <summary>The objects that hold the body.</summary>
    public IReadOnlyList<ObjectUse> Objects { get; init; } = [];

    /// <summary>After this moment, by <see cref="VaultDevice.StoreNow"/>, no attempt to commit it begins, because an object of its body has grown too old.</summary>
    public long Deadline { get; init; } = long.MaxValue;

    public override FileRecord ToRecord(BodyDescriptor? small, long recordEnd) => new PutRecord
    {
        Space = Space,
        Path = Path,
        Id = Id,
        Modified = Modified,
        Attributes = Attributes,
        ContentEnd = ContentEnd,
        RecordEnd = recordEnd,
        Body = small ?? Body,
    };
}

/// <summary>A file to be hidden.</summary>
internal sealed record DeletePlan : RecordPlan
{
    public override FileRecord ToRecord(BodyDescriptor? small, long recordEnd) => new DeleteRecord { Space = Space, Path = Path, Id = Id, RecordEnd = recordEnd };
}
