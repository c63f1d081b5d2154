namespace Coffer.Vaults;

/// <summary>How thoroughly a vault is checked.</summary>
public sealed record IntegrityCheckOptions
{
    /// <summary>Whether every body is read and held against the roots that its author signed. Without it bodies are looked for and measured, and everything else is read all the same.</summary>
    public bool Deep { get; init; }

    /// <summary>Told how far it is; by several threads, one after the other.</summary>
    public IProgress<IntegrityProgress>? Progress { get; init; }
}
