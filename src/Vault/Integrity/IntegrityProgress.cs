namespace Coffer.Vaults;

/// <summary>How far a check of a vault is.</summary>
/// <param name="Step">What it is at.</param>
/// <param name="Done">How much of that is done: slots of the ledger, objects, or, where bodies are read, bytes.</param>
/// <param name="Total">How much there is; 0 while that is not known.</param>
public readonly record struct IntegrityProgress(IntegrityStep Step, long Done, long Total);
