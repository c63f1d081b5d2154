namespace Coffer.Vaults;

/// <summary>Why an identity file could not be written or read.</summary>
public enum IdentityFileFault
{
    /// <summary>There is no file under that name.</summary>
    Missing,

    /// <summary>There is something under that name already; it was left as it is.</summary>
    Exists,

    /// <summary>The file is something else than an identity.</summary>
    NotAnIdentity,

    /// <summary>The file was written by newer software.</summary>
    NewerVersion,

    /// <summary>The file is an identity that was cut off or altered.</summary>
    Damaged,

    /// <summary>The file is locked, and no passphrase was given.</summary>
    PassphraseNeeded,

    /// <summary>The file is whole, and the passphrase does not open it.</summary>
    WrongPassphrase,
}
