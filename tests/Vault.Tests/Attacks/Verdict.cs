namespace Coffer.Vaults.Tests.Attacks;

/// <summary>What came of an attack on a path, in a letter.</summary>
internal static class Verdict
{
    /// <summary>Everything was shown as honest people wrote it.</summary>
    public const char Harmless = 'H';

    /// <summary>Something was not shown, and nobody could know.</summary>
    public const char Limit = 'L';

    /// <summary>A finding with proof.</summary>
    public const char Proof = 'P';

    /// <summary>A finding about something that is absent.</summary>
    public const char Absence = 'A';

    /// <summary>A finding about a member's word against the store's.</summary>
    public const char Claim = 'C';

    /// <summary>A finding about a member who wrote what does not count.</summary>
    public const char Refused = 'R';

    /// <summary>A finding about a clock.</summary>
    public const char Clock = 'T';

    /// <summary>Reading a file that is concerned ended with an error of its own; the others were read.</summary>
    public const char File = 'F';

    /// <summary>The whole call ended with an error, because what must be there is not or is not what was signed.</summary>
    public const char Stopped = 'X';

    /// <summary>The whole call ended with an error of the store: what it said is nothing to go on with.</summary>
    public const char Store = 'S';

    /// <summary>What each letter means, for who reads the table.</summary>
    public static IReadOnlyList<(char Letter, string Meaning)> All { get; } =
    [
        (Harmless, "without effect: all is shown as it was written. What is not signed is passed over, and reported as junk at most."),
        (Proof, "noticed, with *proof*: a finding names the object, what was expected and what was found."),
        (Absence, "noticed, as an *absence*: a finding names what signed statements vouch for and the store does not show."),
        (Claim, "noticed, as a *claim*: a member's signed word against what the store shows."),
        (Refused, "noticed: a finding says whose commit does not count, and why."),
        (Clock, "noticed: a finding says whose clock is wrong; what it stamped waits."),
        (File, "noticed: reading the files concerned ends with an error that names the object; all others are read."),
        (Stopped, "noticed: the call ends with an error that says what is wrong; nothing is shown."),
        (Store, "the call ends with an error of the store: what it answered cannot be gone on with. What this device knows stays."),
        (Limit, "a limit that [threat-model.md](threat-model.md) names: who opens a vault for the first time by the creator's id alone trusts the store once to show the newest end."),
    ];

    /// <summary>The letter of a finding; of junk, none.</summary>
    public static char? Of(FindingKind kind) => kind switch
    {
        FindingKind.Proof => Proof,
        FindingKind.Claim => Claim,
        FindingKind.Absence => Absence,
        FindingKind.Refused => Refused,
        FindingKind.Clock => Clock,
        FindingKind.Junk => null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No attack here should end in this."),
    };
}
