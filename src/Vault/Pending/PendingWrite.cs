namespace Coffer.Vaults;

/// <summary>One file that was accepted by an asynchronous or scheduled write, and is not on the store yet, or was refused.</summary>
public sealed record PendingWrite
{
    /// <summary>Names the call that accepted it, on this device; the files of one batch share it.</summary>
    public required long Id { get; init; }

    /// <summary>The path in the vault.</summary>
    public required string Path { get; init; }

    /// <summary>To whom it is to be sealed; null for all members.</summary>
    public PublicId? Recipient { get; init; }

    /// <summary>The size of the content, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Accepted { get; init; }

    /// <summary>Before when it is not sent; null for no such moment.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether it waits until housekeeping runs.</summary>
    public bool WaitsForHousekeeping { get; init; }

    /// <summary>How many attempts to send it failed.</summary>
    public int Attempts { get; init; }

    /// <summary>What the last attempt failed with, for a person; null when none failed.</summary>
    public string? Error { get; init; }

    /// <summary>Why it is not tried any more, until <see cref="Vault.RetryPendingAsync"/>; null while it is to be sent.</summary>
    public RefusalReason? Refusal { get; init; }

    /// <summary>Whether its commit may have reached the store already. Then it cannot be cancelled.</summary>
    public bool IsOnItsWay { get; init; }
}
