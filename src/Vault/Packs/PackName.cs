using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Packs;

/// <summary>The name of a pack: the range of the clocks of its commits, and the hash of its bytes (format, section 11). Who packs the same commits makes the same object.</summary>
/// <param name="From">The lowest clock.</param>
/// <param name="To">The highest clock.</param>
/// <param name="Hash">SHA-256 of the object.</param>
internal readonly record struct PackName(HybridTime From, HybridTime To, Digest Hash) : IComparable<PackName>
{
    /// <summary>The characters of a name.</summary>
    public const int Length = (2 * (Base32Hex.Digits64 + 1)) + Base32Hex.Digits256;

    /// <summary>Whether a commit with this clock can be in the pack.</summary>
    public bool Covers(HybridTime clock) => From.CompareTo(clock) <= 0 && clock.CompareTo(To) <= 0;

    /// <summary>The name of these digits; null for anything that <see cref="ToString"/> does not give.</summary>
    public static PackName? TryParse(ReadOnlySpan<char> text)
    {
        const int Second = Base32Hex.Digits64 + 1;
        const int Third = 2 * Second;
        return text.Length == Length && text[Second - 1] == '-' && text[Third - 1] == '-'
            && Base32Hex.TryParse(text[..(Second - 1)], out ulong from) && Base32Hex.TryParse(text[Second..(Third - 1)], out ulong to)
            && from <= to && to <= long.MaxValue && Base32Hex.TryParse(text[Third..], out Digest hash)
            ? new PackName(new HybridTime((long)from), new HybridTime((long)to), hash)
            : null;
    }

    /// <summary>As the names sort on the store.</summary>
    public int CompareTo(PackName other)
    {
        var order = From.CompareTo(other.From);
        if (order == 0)
            order = To.CompareTo(other.To);
        return order == 0 ? Hash.CompareTo(other.Hash) : order;
    }

    public override string ToString() => $"{Base32Hex.Format((ulong)From.Value)}-{Base32Hex.Format((ulong)To.Value)}-{Base32Hex.Format(Hash)}";
}
