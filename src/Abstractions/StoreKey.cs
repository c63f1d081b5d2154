using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Coffer;

/// <summary>
/// The name of one object in a store: relative, <c>/</c>-separated, 1 to 1,024 bytes of UTF-8, case-sensitive.
/// A key is never rewritten on its way to a store: what a store cannot keep exactly, it refuses with
/// <see cref="StoreErrorKind.InvalidKey"/>.
/// </summary>
/// <remarks>
/// Refused here: empty keys and segments (so no leading, trailing or double <c>/</c>), the segments <c>.</c> and <c>..</c>,
/// control characters (U+0000 to U+001F, U+007F to U+009F), backslashes, lone surrogates, and the noncharacters U+FFFE and
/// U+FFFF, which break the XML of listings. Two keys are equal when their bytes are: no Unicode normalisation takes place.
/// </remarks>
public readonly struct StoreKey : IEquatable<StoreKey>, IComparable<StoreKey>
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    private readonly string? _value;

    private StoreKey(string value) => _value = value;

    /// <summary>The key's text. Empty only for the default value, which no store accepts.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether this is the default value and not a key.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The key for <paramref name="text"/>.</summary>
    /// <exception cref="StoreException">The text is no key (<see cref="StoreErrorKind.InvalidKey"/>); the message says why.</exception>
    public static StoreKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fault = Fault(text);
        return fault is null ? new StoreKey(text) : throw StoreException.InvalidKey(text, fault);
    }

    /// <summary>The key for <paramref name="text"/>, or false when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StoreKey key)
    {
        var valid = text is not null && Fault(text) is null;
        key = valid ? new StoreKey(text!) : default;
        return valid;
    }

    /// <summary>Why <paramref name="text"/> is no key, in words for a person; null when it is one.</summary>
    public static string? Fault(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return "it is empty";
        if (text.Length > MaxBytes)
            return $"it is longer than {MaxBytes} bytes of UTF-8";
        var segment = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] != '/')
            {
                if (CharacterFault(text, ref i) is { } fault)
                    return fault;
                continue;
            }
            switch (text.AsSpan(segment, i - segment))
            {
                case "":
                    return "it has an empty segment (a leading, trailing or double '/')";
                case "." or "..":
                    return "'.' and '..' are no segments of a key";
            }
            segment = i + 1;
        }
        return Encoding.UTF8.GetByteCount(text) > MaxBytes ? $"it is longer than {MaxBytes} bytes of UTF-8" : null;
    }

    private static string? CharacterFault(string text, ref int i)
    {
        var c = text[i];
        if (char.IsControl(c))
            return $"it has a control character (U+{(int)c:X4})";
        if (c == '\\')
            return "it has a backslash; segments are separated by '/'";
        if (c is '\uFFFE' or '\uFFFF')
            return $"it has a noncharacter (U+{(int)c:X4})";
        if (!char.IsSurrogate(c))
            return null;
        if (!char.IsHighSurrogate(c) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
            return "it has a lone surrogate and so no UTF-8 form";
        i++;
        return null;
    }

    /// <summary>This key with another segment, or several, after it.</summary>
    /// <exception cref="StoreException">The result is no key (<see cref="StoreErrorKind.InvalidKey"/>).</exception>
    public StoreKey Append(string rest) => Parse(Value + "/" + rest);

    /// <summary>Order by the bytes of UTF-8 over the whole key, which is the order of every listing.</summary>
    public int CompareTo(StoreKey other) => Utf8Order.Compare(Value, other.Value);

    /// <inheritdoc/>
    public bool Equals(StoreKey other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StoreKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <summary>The key's text.</summary>
    public override string ToString() => Value;

    /// <summary>Whether two keys are the same bytes.</summary>
    public static bool operator ==(StoreKey left, StoreKey right) => left.Equals(right);

    /// <summary>Whether two keys differ in a byte.</summary>
    public static bool operator !=(StoreKey left, StoreKey right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> in a listing.</summary>
    public static bool operator <(StoreKey left, StoreKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> in a listing.</summary>
    public static bool operator >(StoreKey left, StoreKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/> in a listing.</summary>
    public static bool operator <=(StoreKey left, StoreKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/> in a listing.</summary>
    public static bool operator >=(StoreKey left, StoreKey right) => left.CompareTo(right) >= 0;
}
