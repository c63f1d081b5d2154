namespace Coffer.Vaults;

/// <summary>What a check of a vault found.</summary>
public sealed record IntegrityReport
{
    /// <summary>Whether every body was read.</summary>
    public bool IsDeep { get; init; }

    /// <summary>How many slots of the ledger were read.</summary>
    public long Blocks { get; init; }

    /// <summary>How many commits were found as they were written.</summary>
    public long Commits { get; init; }

    /// <summary>How many packs were read.</summary>
    public long Packs { get; init; }

    /// <summary>How many objects with bodies were looked at.</summary>
    public long Objects { get; init; }

    /// <summary>How many bytes of the store were read, in all.</summary>
    public long BytesRead { get; init; }

    /// <summary>What is wrong now: with what was expected, what was found, and who can be behind it. What an earlier check found, and is right again, is not among it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether everything that counts is there, and is what its authors wrote.</summary>
    public bool IsSound => Findings.Count == 0;
}
