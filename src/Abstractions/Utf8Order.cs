namespace Coffer;

/// <summary>
/// The order of listings: by the bytes of UTF-8. It differs from the ordinal order of .NET strings only where a surrogate
/// pair meets a character from U+E000 to U+FFFF.
/// </summary>
public sealed class Utf8Order : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static Utf8Order Instance { get; } = new();

    private Utf8Order()
    {
    }

    /// <summary>Compares by the bytes of UTF-8, without making them.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        return Weight(left[common]).CompareTo(Weight(right[common]));
    }

    /// <summary>A surrogate begins a character beyond U+FFFF, so it sorts after every other UTF-16 unit.</summary>
    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;

    /// <inheritdoc/>
    int IComparer<string>.Compare(string? x, string? y) => Compare(x, y);
}
