namespace Coffer.Vaults.Tests.Attacks;

/// <summary>A way in which something comes from a store to a person.</summary>
public enum ReadPath
{
    /// <summary>Opening with an index that has seen all of it.</summary>
    Open,

    /// <summary>Opening for the first time, by the creator's id alone.</summary>
    First,

    /// <summary>Opening for the first time, with an invitation that says what there must be.</summary>
    Pinned,

    /// <summary>A sync of an open vault.</summary>
    Sync,

    /// <summary>Listing all files.</summary>
    List,

    /// <summary>Asking for each file.</summary>
    Stat,

    /// <summary>Reading each file.</summary>
    Read,

    /// <summary>Reading a part of each file.</summary>
    Range,

    /// <summary>Listing the versions of each file.</summary>
    Versions,

    /// <summary>Making the index anew.</summary>
    Rebuild,

    /// <summary>Checking the whole vault.</summary>
    Verify,

    /// <summary>Housekeeping.</summary>
    Housekeep,
}
