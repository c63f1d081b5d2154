using Coffer.Vaults.Commits;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Packs;

/// <summary>Which commits may become stubs (format, section 11).</summary>
internal sealed class StubRules
{
    private readonly Dictionary<ulong, (long First, long Last)> _writers;
    private readonly long _now;

    private StubRules(Dictionary<ulong, (long First, long Last)> writers, long now)
    {
        _writers = writers;
        _now = now;
    }

    /// <summary>The rules as they hold now.</summary>
    public static StubRules Of(VaultDevice device)
    {
        var writers = device.Commits.UnforkedWriters();
        foreach (var settled in device.Ledger.SettledWriters)
            writers.Remove(settled);
        return new StubRules(writers, device.Passed);
    }

    /// <summary>Whether a commit may become a stub: all its records have ended, and it is neither the first nor the newest of its writer.</summary>
    /// <param name="name">The commit.</param>
    /// <param name="end">When the last of its records ends; 0 for never.</param>
    public bool Allow(CommitName name, long end) =>
        RecordEnds.HasPassed(end, _now) && _writers.TryGetValue(name.Writer, out var ends) && name.Number > 1 && name.Number > ends.First && name.Number < ends.Last;
}
