namespace Coffer.Vaults;

/// <summary>Something is not as it was signed, or contradicts what was seen before. <see cref="Findings"/> say what, and who can be behind it.</summary>
public sealed class VaultIntegrityException : VaultException
{
    /// <param name="message">For a person: what cannot be done because of the findings.</param>
    /// <param name="findings">The findings, one at least.</param>
    public VaultIntegrityException(string message, IReadOnlyList<Finding> findings)
        : base(findings.Count == 0 ? message : message + " " + string.Join(" ", findings.Select(finding => finding.Message))) =>
        Findings = findings;

    /// <summary>What was found.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
