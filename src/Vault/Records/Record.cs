namespace Coffer.Vaults.Records;

/// <summary>One statement of a commit.</summary>
internal abstract record Record;

/// <summary>A record of a kind that this version does not know: kept byte for byte, and skipped.</summary>
internal sealed record UnknownRecord(long Kind, ReadOnlyMemory<byte> Bytes) : Record;

/// <summary>A record that is a version or a delete of something.</summary>
internal abstract record VersionRecord : Record
{
    /// <summary>Drawn when the write was accepted: of records with one author and id the first in the order counts.</summary>
    public required UInt128 Id { get; init; }

    /// <summary>When the record itself ends, in milliseconds since 1970; 0 = never.</summary>
    public required long RecordEnd { get; init; }

    /// <summary>What of it lies outside of the head, which everybody sees; null when there is nothing.</summary>
    public virtual StoredBody? Stored => null;

    /// <summary>What it says about a path; null when that is sealed to others, or does not open.</summary>
    public abstract FileRecord? AsFile();
}

/// <summary>A record about one path.</summary>
internal abstract record FileRecord : VersionRecord
{
    public required long Space { get; init; }

    public required string Path { get; init; }

    public override FileRecord? AsFile() => this;
}
