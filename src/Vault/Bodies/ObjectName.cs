using System.Globalization;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>The name of an object in <c>data/</c>: the segment of time in which it was written, and its random id.</summary>
internal readonly record struct ObjectName
{
    /// <summary>The last second that <c>yyyyMMddHHmmss</c> can write: the end of the year 9999.</summary>
    public const long MaxSegment = 253_402_300_799;

    /// <param name="segment">When the segment began, in seconds since 1970, UTC; from 0 to <see cref="MaxSegment"/>.</param>
    /// <param name="id">128 random bits.</param>
    public ObjectName(long segment, UInt128 id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segment);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segment, MaxSegment);
        Segment = segment;
        Id = id;
    }

    /// <summary>When the segment began, in seconds since 1970, UTC.</summary>
    public long Segment { get; }

    /// <summary>128 random bits.</summary>
    public UInt128 Id { get; }

    /// <summary>The name of these characters, segment and id without <c>data/</c>; null for anything that <see cref="ToString"/> does not give.</summary>
    public static ObjectName? TryParse(ReadOnlySpan<char> text)
    {
        const string Form = "yyyyMMddHHmmss";
        return text.Length == Form.Length + 1 + Base32Hex.Digits128 && text[Form.Length] == '/' && !text[..Form.Length].ContainsAnyExceptInRange('0', '9')
            && DateTimeOffset.TryParseExact(text[..Form.Length], Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var segment)
            && segment.ToUnixTimeSeconds() is >= 0 and <= MaxSegment and var seconds && Base32Hex.TryParse(text[(Form.Length + 1)..], out UInt128 id)
            ? new ObjectName(seconds, id)
            : null;
    }

    /// <summary>The name below the realm, as docs/format.md, section 2 writes it.</summary>
    public override string ToString()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(Segment);
        return $"data/{time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}/{Base32Hex.Format(Id)}";
    }
}
