using System.Text.RegularExpressions;

namespace Coffer.Simulation;

/// <summary>What kind of violation it is: its text without names, numbers and ids. Two that are equal in this are most likely one mistake.</summary>
internal static partial class ViolationKind
{
    private const int Length = 90;

    public static string Of(string violation)
    {
        var text = CallText().Replace(violation.Split('\n')[0], "");
        foreach (var (pattern, kind) in (ReadOnlySpan<(Regex, string)>)[(Quoted(), "'…'"), (Attempted(), ""), (Shown(), "[…]"), (Named(), "…"), (Device(), "somebody")])
            text = pattern.Replace(text, kind);
        return text.Length <= Length ? text : text[..Length];
    }

    /// <summary>The call that an error came from: the same mistake shows in reads of one kind and another.</summary>
    [GeneratedRegex(@"^\S+ c\d+ .*?(?=: (an error|a false alarm))")]
    private static partial Regex CallText();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    /// <summary>What stands behind the number of an attempt.</summary>
    [GeneratedRegex(@" ?\((Write|Attributes|Delete|MemberAttribute) [^)]*\)")]
    private static partial Regex Attempted();

    /// <summary>All that a device showed.</summary>
    [GeneratedRegex(@"\[.*\]")]
    private static partial Regex Shown();

    [GeneratedRegex(@"\b(owner|anna|ben|cora|dora|emil)(-(\d+|new))?\b")]
    private static partial Regex Device();

    /// <summary>Ids, times, keys, and numbers, but for names of devices, which end with a number.</summary>
    [GeneratedRegex(@"(?<![\w-])(?!(owner|anna|ben|cora|dora|emil)-)[\w/.:+-]*\d[\w/.:+=-]*")]
    private static partial Regex Named();
}
