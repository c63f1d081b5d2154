namespace Coffer.Vaults;

/// <summary>What a member may do in a vault. Each level includes those below it. The numbers stand in the format and never change.</summary>
public enum AccessLevel
{
    /// <summary>Nothing: no member, or not any more.</summary>
    None = 0,

    /// <summary>Reads all files, and sets attributes of its own.</summary>
    Read = 1,

    /// <summary>Also writes and deletes files.</summary>
    Write = 2,

    /// <summary>Also grants and takes access, and configures the vault.</summary>
    Admin = 3,
}
