namespace Coffer.Simulation;

/// <summary>
/// Checks of the simulator itself, made before each run: a simulator that does not see what it claims to see is worse than none.
/// </summary>
internal static class SelfCheck
{
    /// <exception cref="SelfCheckException">The simulator does not do what it must.</exception>
    public static void Run(string folder)
    {
        EngineCheck.Run(folder);
        StoreCheck.Run(folder);
        RunsCheck.Run();
    }

    /// <summary>Fails with the claim when it does not hold.</summary>
    public static void Holds(bool condition, string claim)
    {
        if (!condition)
            throw new SelfCheckException($"The simulator is broken: it does not hold that {claim}.");
    }
}
