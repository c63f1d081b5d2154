namespace Coffer.Cli.Checking;

/// <summary>What came of a trial.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Note">What was seen, for a person; may be empty.</param>
internal readonly record struct TrialAnswer(TrialOutcome Outcome, string Note)
{
    public static TrialAnswer Works(string note = "") => new(TrialOutcome.Works, note);

    public static TrialAnswer Lacks(string note = "") => new(TrialOutcome.Lacks, note);

    public static TrialAnswer Fails(string note) => new(TrialOutcome.Fails, note);

    /// <summary>Works when nothing is wrong.</summary>
    public static TrialAnswer Of(string? fault, string note = "") => fault is null ? Works(note) : Fails(fault);
}
