namespace Coffer.Vaults;

/// <summary>What happened to a record, as the change feed tells it.</summary>
public enum ChangeKind
{
    /// <summary>A version or a delete was applied.</summary>
    Applied = 0,

    /// <summary>It counts no more: its author was cut off before it, or an admin settled otherwise.</summary>
    Withdrawn = 1,

    /// <summary>It counts again.</summary>
    Restored = 2,
}
