namespace Coffer.Cli.Checking;

/// <summary>How a trial of a store ended.</summary>
internal enum TrialOutcome
{
    /// <summary>It does what it should.</summary>
    Works,

    /// <summary>The store says that it does not have it.</summary>
    Lacks,

    /// <summary>The store should have it, and it went wrong.</summary>
    Fails,
}
