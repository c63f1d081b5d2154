namespace Coffer.Vaults;

/// <summary>How to open a vault.</summary>
public sealed record VaultOpenOptions
{
    /// <summary>Where this device keeps what it knows: <c>data/team.db</c> gives <c>data/team.state.db</c> and files beside it.</summary>
    public required string IndexPath { get; init; }

    /// <summary>The realm; null for the one that a <see cref="Pin"/> names, else for <c>users</c>, and without an identity for <see cref="Vault.PublicRealm"/>.</summary>
    public string? Realm { get; init; }

    /// <summary>Who created the vault. Needed at the first open, unless there is a <see cref="Pin"/>; it alone trusts the store once to show the newest ledger.</summary>
    public PublicId? Creator { get; init; }

    /// <summary>An invitation: names the vault exactly, and what its store must at least have.</summary>
    public Invitation? Pin { get; init; }

    /// <summary>Asynchronous and scheduled writes: whether this process sends them, and how many wait at most.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>Time, randomness and workers.</summary>
    public VaultEnvironment Environment { get; init; } = new();

    /// <summary>How old the last look at the store may be before a call looks again.</summary>
    public TimeSpan SyncCooldown { get; init; } = TimeSpan.FromSeconds(10);
}
