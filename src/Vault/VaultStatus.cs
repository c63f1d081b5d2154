namespace Coffer.Vaults;

/// <summary>What a device knows of a vault, in figures.</summary>
public sealed record VaultStatus
{
    /// <summary>Files that are there.</summary>
    public long Files { get; init; }

    /// <summary>The bytes of those files, as who reads them gets them.</summary>
    public long FileBytes { get; init; }

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

    /// <summary>Bytes of bodies on the store that known commits name: what a quota limits. What has ended counts no more when the grace time of 7 days is over too.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Objects that hold these bodies, pieces and bundles.</summary>
    public long Objects { get; init; }

    /// <summary>Segments of the store, by time, in which those objects are.</summary>
    public long Segments { get; init; }

    /// <summary>Packs, each of which holds many commits.</summary>
    public long Packs { get; init; }

    /// <summary>Bytes of those packs.</summary>
    public long PackBytes { get; init; }

    /// <summary>Commits that are in no pack.</summary>
    public long LooseCommits { get; init; }

    /// <summary>What this vault asked of its store since it was opened.</summary>
    public VaultRequests Requests { get; init; } = new();

    /// <summary>When this process last brought everything; null when it has not yet.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>The queue of asynchronous and scheduled writes, whichever process of this device accepted them.</summary>
    public PendingFigures Pending { get; init; } = new();

    /// <summary>When an admin's device gave the last sign that came here, by its clock; null when the vault has no freshness window (<see cref="VaultSettings.Freshness"/>).</summary>
    public DateTimeOffset? LastSign { get; init; }

    /// <summary>Findings that nobody accepted here.</summary>
    public int Findings { get; init; }
}
