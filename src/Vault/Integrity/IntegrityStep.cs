namespace Coffer.Vaults;

/// <summary>What a check of a vault is at.</summary>
public enum IntegrityStep
{
    /// <summary>Bringing what is new on the store.</summary>
    Sync,

    /// <summary>Reading every slot of the ledger again.</summary>
    Ledger,

    /// <summary>Reading every commit and pack again.</summary>
    Commits,

    /// <summary>Looking for bodies, or reading them.</summary>
    Bodies,
}
