using System.Globalization;
using System.Text.RegularExpressions;

namespace Coffer.Simulation;

/// <summary>
/// Tells a history as a person would: each call and what came of it in one line, faults, deaths, late effects and violations, without the requests that went well, and without what only looks
/// after everything has come to rest.
/// </summary>
internal sealed partial class ShortHistory
{
    private const int Width = 260;

    /// <summary>What a call has shown that only looks is mostly of no interest, and long.</summary>
    private const int LookWidth = 130;

    private static readonly HashSet<string> Looks = new(
        ["open", "close", "sync", "list", "read", "stat", "versions", "member-attributes", "members", "ledger", "findings", "position", "watch", "wait-files"], StringComparer.Ordinal);

    private readonly List<string> _told = [];
    private readonly Dictionary<string, (int Place, string What)> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private bool _rests;

    private ShortHistory()
    {
    }

    /// <param name="lines">The whole history.</param>
    public static IReadOnlyList<string> Of(IEnumerable<string> lines)
    {
        var telling = new ShortHistory();
        foreach (var line in lines)
        {
            if (Line().Match(line) is { Success: true } match)
                telling.Add(match.Groups["time"].Value, match.Groups["who"].Value, match.Groups["what"].Value);
        }
        return telling._told;
    }

    private void Add(string time, string who, string what)
    {
        if (CallEnd().Match(what) is { Success: true } callEnd)
            EndCall(time, who, callEnd.Groups["number"].Value, callEnd.Groups["result"].Value);
        else if (CallBegin().Match(what) is { Success: true } callBegin)
            BeginCall(time, who, callBegin.Groups["number"].Value, callBegin.Groups["what"].Value);
        else if (RequestBegin().Match(what) is { Success: true } request)
            AddRequest(time, who, request.Groups["number"].Value, request.Groups["what"].Value);
        else if (what.StartsWith("step ", StringComparison.Ordinal))
            return;
        else
            Tell(time, who, what);
        _rests |= what == "the weather is quiet";
    }

    private void BeginCall(string time, string who, string number, string what)
    {
        var isTold = !_rests || !Looks.Contains(what.Split(' ')[0]);
        _calls[$"{who} {number}"] = (isTold ? _told.Count : -1, what);
        if (isTold)
            Tell(time, who, $"{number} {what}");
    }

    private void EndCall(string time, string who, string number, string result)
    {
        if (!_calls.Remove($"{who} {number}", out var call))
            return;
        if (_rests && call.Place >= 0 && call.Place == _told.Count - 1 && IsInVain(call.What, result))
        {
            _told.RemoveAt(call.Place);
            return;
        }
        if (Looks.Contains(call.What.Split(' ')[0]) && !Failure().IsMatch(result))
            result = Shortened(result, LookWidth);
        if (call.Place >= 0 && call.Place == _told.Count - 1)
            _told[^1] = Shortened($"{_told[^1]} => {result}", Width);
        else if (call.Place >= 0 || Failure().IsMatch(result))
            Tell(time, who, $"{number} {call.What} => {result}");
    }

    /// <summary>Whether somebody tidied up and found nothing to do, and could have.</summary>
    private static bool IsInVain(string what, string result) =>
        what.StartsWith("housekeep", StringComparison.Ordinal) && result.Contains("DidAnything = False", StringComparison.Ordinal) && !result.Contains("NothingDeletedBecause = this", StringComparison.Ordinal) && !result.Contains("is missing", StringComparison.Ordinal);

    private void AddRequest(string time, string who, string number, string what)
    {
        var name = $"{who} {number}";
        if (what == "is done")
            _done.Add(name);
        else if (what.StartsWith("is done late", StringComparison.Ordinal) || what.StartsWith("comes late", StringComparison.Ordinal))
            Tell(time, who, $"  request {_requests.GetValueOrDefault(name)} {what}");
        else if (!what.StartsWith("-> ", StringComparison.Ordinal))
            _requests[name] = what;
        else if (_requests.GetValueOrDefault(name) is { } marker && marker.Contains("/changed ", StringComparison.Ordinal) && what.EndsWith("ConditionFailed", StringComparison.Ordinal))
            return;
        else if (what.EndsWith("nobody is there any more", StringComparison.Ordinal) || what.Contains("breaks off", StringComparison.Ordinal) || Failure().IsMatch(what[3..]))
            Tell(time, who, $"  request {_requests.GetValueOrDefault(name)} {what}{(_done.Contains(name) ? ", though it was done" : "")}");
    }

    private void Tell(string time, string who, string what) =>
        _told.Add(who == "VIOLATION" ? $"{time,12} {who}: {what}" : Shortened(string.Create(CultureInfo.InvariantCulture, $"{time,12} {who,-8} {what}"), Width));

    private static string Shortened(string line, int width)
    {
        // What did not happen need not be told.
        line = Nothing().Replace(line, "");
        line = LongId().Replace(line, static id => $"{id.Value[..8]}…");
        return line.Length <= width ? line : line[..(width - 1)] + "…";
    }

    [GeneratedRegex(@"^\s*(?<time>[\d.]+) (?<who>\S+)\s+(?<what>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?<number>c\d+) => (?<result>.*)$")]
    private static partial Regex CallEnd();

    [GeneratedRegex(@"^(?<number>c\d+) (?<what>.*)$")]
    private static partial Regex CallBegin();

    [GeneratedRegex(@"^(?<number>r\d+) (?<what>.*)$")]
    private static partial Regex RequestBegin();

    [GeneratedRegex(@"^(\w+Exception\b|died with)")]
    private static partial Regex Failure();

    /// <summary>A number of a report that is nothing.</summary>
    [GeneratedRegex(@"(?<=[{,] )\w+ = (0|False|), |, \w+ = (0|False|)(?= \})")]
    private static partial Regex Nothing();

    [GeneratedRegex(@"[A-Za-z0-9_-]{26,}=*")]
    private static partial Regex LongId();
}
