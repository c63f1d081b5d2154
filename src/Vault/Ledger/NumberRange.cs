namespace Coffer.Vaults.Ledger;

/// <summary>Numbers of commits from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct NumberRange(long First, long Last);
