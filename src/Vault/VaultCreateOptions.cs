namespace Coffer.Vaults;

/// <summary>How to create a vault.</summary>
public sealed record VaultCreateOptions
{
    internal const string DefaultRealm = "users";

    /// <summary>Where this device keeps what it knows: <c>data/team.db</c> gives <c>data/team.state.db</c> and files beside it.</summary>
    public required string IndexPath { get; init; }

    /// <summary>The realm: 1 to 64 of <c>a-z</c>, <c>0-9</c> and <c>-</c>. A store can hold several vaults in different realms. The one called <see cref="Vault.PublicRealm"/> is not encrypted: anybody who knows the creator reads all of it.</summary>
    public string Realm { get; init; } = DefaultRealm;

    /// <summary>The interval by which objects are dated: a minute to a year, fixed for ever.</summary>
    public TimeSpan SegmentInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What holds from the start.</summary>
    public VaultSettings Settings { get; init; } = new();

    /// <summary>Asynchronous and scheduled writes: whether this process sends them, and how many wait at most.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>Time, randomness and workers.</summary>
    public VaultEnvironment Environment { get; init; } = new();

    /// <summary>How old the last look at the store may be before a call looks again.</summary>
    public TimeSpan SyncCooldown { get; init; } = TimeSpan.FromSeconds(10);
}
