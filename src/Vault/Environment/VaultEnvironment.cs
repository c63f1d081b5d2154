namespace Coffer.Vaults;

/// <summary>
/// Everything that is not determined by a vault's inputs: time, randomness, parallel work, and the check of signatures. The defaults are the real ones; a
/// simulation of a whole team brings its own, and then every run with one seed is the same.
/// </summary>
public sealed record VaultEnvironment
{
    /// <summary>The clock and timers.</summary>
    public TimeProvider Time { get; init; } = SystemTime.Instance;

    /// <summary>Where keys, ids and salts come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>Where work runs that is heavy on the processor.</summary>
    public IWorkers Workers { get; init; } = ThreadPoolWorkers.Instance;

    /// <summary>Tells this machine from others, so that a copy of the local files on another one is noticed and takes new writers.</summary>
    public string Machine { get; init; } = MachineName.Read();

    /// <summary>Who checks signatures.</summary>
    public ISignatureChecker Signatures { get; init; } = Ed25519Checker.Instance;

    /// <summary>How much a store is believed; smaller in tests.</summary>
    internal StoreBounds Bounds { get; init; } = new();

    /// <summary>Told of each write of the local files; what it throws ends that write.</summary>
    internal Action<LocalWrite> LocalWrites { get; init; } = static _ => { };
}
