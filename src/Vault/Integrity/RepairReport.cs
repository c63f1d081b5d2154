namespace Coffer.Vaults;

/// <summary>What a repair put back, and what it could not.</summary>
public sealed record RepairReport
{
    /// <summary>How many slots of the ledger were put back.</summary>
    public int Blocks { get; init; }

    /// <summary>How many commits of this device were put back.</summary>
    public int Commits { get; init; }

    /// <summary>What is still missing or wrong in the ledger and among commits. A device of whoever wrote it may have it; what none has, an admin settles as lost.</summary>
    public required IReadOnlyList<Finding> Left { get; init; }
}
