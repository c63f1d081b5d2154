namespace Coffer.Simulation;

/// <summary>What a run must have seen: a run of so many seeds in which one of these never happened has not tested it, and fails.</summary>
internal static class RequiredCounters
{
    /// <summary>From so many seeds on something can be said of them as a whole.</summary>
    public const int Least = 100;

    private static readonly (int Seeds, string Name)[] All =
    [
        .. At(100, "call close", "call configure", "call delete", "call housekeep", "call invite", "call ledger", "call list", "call member-attributes", "call members", "call open", "call read", "call rebuild",
            "call rotate-key", "call set-access", "call set-attributes", "call set-my-attribute", "call stat", "call sync", "call versions", "call wait-files", "call watch", "call write", "call write-later",
            "call write-many", "call write-scheduled"),
        .. At(100, "fault AnswerLost Put", "fault Away Put", "fault BrokenOff Read", "fault DoneLate Put", "fault RateLimited Put", "fault Refused Put", "fault RequestLost Put", "fault AnswerLost List", "fault Refused Read"),
        .. At(100, "crash after a local write", "crash before a local write", "crash after a Put", "crash before a Put", "crash after a List", "crash before a Read"),
        .. At(100, "clock set ahead", "clock set back", "devices that joined by an invitation", "disk a copy of its local files is made", "disk its index is lost"),
        .. At(100, "coincidence a commit that is late for a packed time", "coincidence a death between a body and its commit", "coincidence a death during housekeeping", "coincidence a name was taken in commits",
            "coincidence a name was taken in data", "coincidence two housekeepers"),
        .. At(100, "packs made", "commits unloosed", "bodies deleted", "objects that are needed", "feeds that were followed to the end", "tried by who could never write", "written after access was taken for good"),
        .. At(100, "devices that were put away", "public vaults that were read without an identity", "rotations and configurations that were acknowledged"),
        .. At(100, "let out for a while", "written by who did not know yet that it may not", "written while somebody was away for minutes"),
        .. At(1000, "written after a clock was mended"),
        .. At(1000, "crash after a Delete", "crash before a Delete", "fault AnswerLost Delete", "error VaultConflictException", "packs deleted", "packs merged", "disk its local files are lost",
            "disk its local files are replaced by the older copy", "disk its index is replaced by the older copy", "coincidence a death during a rotation", "coincidence a rotation during housekeeping",
            "coincidence housekeeping during a rotation", "coincidence two rotations", "coincidence a name was taken in ledger", "coincidence a name was taken in packs", "acknowledged, and beyond a cut-off"),
    ];

    /// <summary>The names of those that never happened, and should have in so many seeds.</summary>
    public static IEnumerable<string> Missing(Counters counters, long seeds) => All.Where(one => seeds >= one.Seeds && counters.Of(one.Name) == 0).Select(static one => one.Name);

    private static IEnumerable<(int Seeds, string Name)> At(int seeds, params string[] names) => names.Select(name => (seeds, name));
}
