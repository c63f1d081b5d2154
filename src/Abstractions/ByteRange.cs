namespace Coffer;

/// <summary>A part of an object: from an offset, to the end or for a length.</summary>
/// <remarks>
/// A range that begins at or behind the end of the object fails with <see cref="StoreErrorKind.RangeNotSatisfiable"/>, on an empty
/// object too; one that reaches beyond the end is cut short, as RFC 9110, section 14.1.2 has it.
/// </remarks>
public readonly record struct ByteRange
{
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">How many bytes, 1 or more; null for all to the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative, the length is below 1, or their sum is beyond 2^63-1.</exception>
    public ByteRange(long offset, long? length = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(length));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, long.MaxValue - offset, nameof(length));
        }
        Offset = offset;
        Length = length;
    }

    /// <summary>The first byte, from 0.</summary>
    public long Offset { get; }

    /// <summary>How many bytes; null for all to the end.</summary>
    public long? Length { get; }

    /// <summary>How many bytes this range has of an object of <paramref name="size"/> bytes; null when it begins at or behind its end.</summary>
    public long? LengthWithin(long size) => Offset >= size ? null : Math.Min(Length ?? long.MaxValue, size - Offset);

    /// <summary>The range as RFC 9110 writes it, without the unit: <c>0-99</c> or <c>100-</c>.</summary>
    public override string ToString() => Length is { } length ? $"{Offset}-{Offset + length - 1}" : $"{Offset}-";
}
