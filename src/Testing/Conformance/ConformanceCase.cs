namespace Coffer.Testing;

/// <summary>One rule of the contract of <see cref="IStore"/>, as a test that runs on any store.</summary>
/// <param name="Name">The rule, as a sentence with underscores.</param>
/// <param name="AppliesTo">Whether a store with these capabilities must keep it.</param>
/// <param name="RunAsync">Runs it. It throws <see cref="ConformanceException"/> when the rule is broken.</param>
public sealed record ConformanceCase(
    string Name, Func<StoreCapabilities, bool> AppliesTo, Func<ConformanceContext, CancellationToken, Task> RunAsync)
{
    /// <summary>The name, so that test runners show it.</summary>
    public override string ToString() => Name;
}
