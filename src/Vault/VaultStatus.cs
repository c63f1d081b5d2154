namespace Coffer.Vaults;

/// <summary>What a device knows of a vault, in figures.</summary>
public sealed record VaultStatus
{
    /// <summary>Files that are there.</summary>
    public long Files { get; init; }

    /// <summary>Versions of files, old ones included.</summary>
    public long Versions { get; init; }

    /// <summary>Commits that count.</summary>
    public long Commits { get; init; }

    /// <summary>Commits that wait for something.</summary>
    public long Waiting { get; init; }

    /// <summary>Commits that are refused.</summary>
    public long Refused { get; init; }

    /// <summary>Blocks of the ledger.</summary>
    public long Blocks { get; init; }

    /// <summary>The number of key epochs so far.</summary>
    public long Epoch { get; init; }

    /// <summary>Members with any access.</summary>
    public int Members { get; init; }

    /// <summary>Bytes of bodies on the store that known commits name.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>When this process last brought everything; null when it has not yet.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>The queue of asynchronous and scheduled writes, whichever process of this device accepted them.</summary>
    public PendingFigures Pending { get; init; } = new();

    /// <summary>Findings that nobody accepted here.</summary>
    public int Findings { get; init; }
}
