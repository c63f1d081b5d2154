namespace Coffer.Cli.Checking;

/// <summary>Something that is tried on a store.</summary>
/// <param name="Name">What it is.</param>
/// <param name="IsNeeded">Whether a vault cannot live on a store without it.</param>
/// <param name="Otherwise">What it means for a vault when it does not work.</param>
/// <param name="RunAsync">Tries it, on keys that begin with a name of its own.</param>
internal sealed record StoreTrial(string Name, bool IsNeeded, string Otherwise, Func<TrialPlace, CancellationToken, Task<TrialAnswer>> RunAsync);
