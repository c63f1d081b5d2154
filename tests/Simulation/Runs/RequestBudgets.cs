using System.Globalization;

namespace Coffer.Simulation;

/// <summary>
/// What calls may cost in requests on average, over all weathers: retries, dead processes, conflicts and rebuilt indexes are in it, so the limits lie above the budgets of a quiet day, which tests/Vault.Tests counts
/// one by one. They are about a third above what was seen when they were set.
/// </summary>
internal static class RequestBudgets
{
    private static readonly string[] Writes = ["call write", "call write-later", "call write-scheduled", "call write-many", "call delete", "call set-attributes", "call set-my-attribute"];

    private static readonly (string What, string[] Requests, string[] Per, double Most)[] All =
    [
        ("puts of commits for each call that writes", ["request Put commits"], Writes, 0.9),
        ("puts of bodies for each call that writes", ["request Put data"], Writes, 0.5),
        ("puts of the change marker for each put of a commit or a block", ["request Put changed"], ["request Put commits", "request Put ledger"], 1.7),
        ("looks at the change marker for each call", ["request Stat changed", "request Read changed"], ["call"], 1.8),
        ("pages of listings for each call", ["request List"], ["call"], 3),
        ("reads of commits and packs for each commit", ["request Read commits", "request Read packs"], ["commits"], 14),
    ];

    /// <summary>What lies above its limit.</summary>
    public static IEnumerable<string> Excess(Counters counters) => Averages(counters).Where(static one => one.Average > one.Most)
        .Select(static one => string.Create(CultureInfo.InvariantCulture, $"On average there are {one.Average:0.00} {one.What}, and {one.Most} is the most that there may be."));

    /// <summary>All averages, for who wants to see them.</summary>
    public static IEnumerable<string> Tell(Counters counters) =>
        Averages(counters).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Average,10:0.00}  {one.What} (at most {one.Most})"));

    private static IEnumerable<(string What, double Average, double Most)> Averages(Counters counters) =>
        All.Select(one => (one.What, Sum(counters, one.Requests) / Math.Max(1.0, Sum(counters, one.Per)), one.Most));

    /// <summary>Of the names themselves, and of all that begin with one and a blank.</summary>
    private static double Sum(Counters counters, string[] names) => names.Sum(name => counters.Of(name) + counters.Sum(name + " "));
}
