namespace Coffer.Vaults;

/// <summary>What sort of thing was found to be wrong, and so how far it can be trusted and what it stops.</summary>
public enum FindingKind
{
    /// <summary>Two signed statements that cannot both be true, or an object that is not any more what it was: somebody lied, without doubt.</summary>
    Proof,

    /// <summary>A member's signed statement contradicts what is here: either the member or the store is wrong.</summary>
    Claim,

    /// <summary>Something that a signed statement vouches for is not there.</summary>
    Absence,

    /// <summary>An object that does not belong here and means nothing.</summary>
    Junk,

    /// <summary>A key that was given does not fit the value that it must give.</summary>
    KeyMisfit,

    /// <summary>Something that counted before does not count any more, because an admin's block says so.</summary>
    Withdrawn,

    /// <summary>Something that a member wrote does not count.</summary>
    Refused,

    /// <summary>A clock is wrong.</summary>
    Clock,

    /// <summary>A file of this device was damaged, and was made anew. No member and no store is to blame.</summary>
    LocalDamage,

    /// <summary>No admin's device has given a sign for a whole freshness window: none was running, or the store hides what is new.</summary>
    Silence,
}
