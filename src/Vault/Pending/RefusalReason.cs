namespace Coffer.Vaults;

/// <summary>Why a queued write is not tried any more.</summary>
public enum RefusalReason
{
    /// <summary>It could not be done for a reason of its own, which <see cref="PendingWrite.Error"/> tells.</summary>
    Other,

    /// <summary>I may not write any more.</summary>
    AccessDenied,

    /// <summary>It would go beyond the vault's quota.</summary>
    QuotaExceeded,

    /// <summary>Its recipient cannot read the vault any more.</summary>
    RecipientCannotRead,

    /// <summary>The ledger was signed or stored in two ways, and no admin has accepted that yet.</summary>
    Integrity,
}
