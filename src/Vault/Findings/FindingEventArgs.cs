namespace Coffer.Vaults;

/// <summary>A finding that was reported for the first time on this device.</summary>
public sealed class FindingEventArgs(Finding finding) : EventArgs
{
    /// <summary>What was found.</summary>
    public Finding Finding { get; } = finding;
}
