using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Writers;

/// <summary>A record that somebody wants written. It becomes a record when its commit is built, because only then its end is known.</summary>
internal abstract record RecordPlan
{
    public required long Space { get; init; }

    public required string Path { get; init; }

    /// <summary>Drawn when the write was accepted; it stays, however often the record is committed.</summary>
    public required UInt128 Id { get; init; }
}

/// <summary>A new version of a file.</summary>
internal sealed record PutPlan : RecordPlan
{
    public required long Modified { get; init; }

    public ReadOnlyMemory<byte> Attributes { get; init; }

    public long ContentEnd { get; init; }

    /// <summary>The content, when it goes into the tail of the commit; sealed anew under a new key each time that one is built.</summary>
    public ReadOnlyMemory<byte>? Small { get; init; }

    /// <summary>The body, when it is on the store already.</summary>
    public BodyDescriptor Body { get; init; } = BodyDescriptor.Empty;

    /// <summary>The objects that hold the body.</summary>
    public IReadOnlyList<ObjectUse> Objects { get; init; } = [];

    /// <summary>After this moment, in local milliseconds, no attempt to commit it begins, because an object of its body has grown too old.</summary>
    public long Deadline { get; init; } = long.MaxValue;
}

/// <summary>A file to be hidden.</summary>
internal sealed record DeletePlan : RecordPlan;
