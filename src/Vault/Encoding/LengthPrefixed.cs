namespace Coffer.Vaults.Encoding;

/// <summary>
/// The <c>lp(a, b, ...)</c> of the format: fields, each as a 4-byte length and its bytes, so that no two lists of fields give the same bytes. What is signed,
/// hashed, or derived from begins with a label of its own that names the purpose.
/// </summary>
internal sealed class LengthPrefixed
{
    private readonly WireWriter _writer = new();

    /// <param name="label">The first field: what the bytes are for, such as <c>coffer/block/v1</c>.</param>
    public LengthPrefixed(string label) => Add(label);

    /// <param name="start">Its fields come first.</param>
    public LengthPrefixed(LengthPrefixed start) => _writer.Raw(start.Written);

    /// <summary>The bytes so far. Valid until the next field.</summary>
    public ReadOnlySpan<byte> Written => _writer.Written;

    public LengthPrefixed Add(ReadOnlySpan<byte> field)
    {
        _writer.U32((uint)field.Length).Raw(field);
        return this;
    }

    /// <summary>A text, as its UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public LengthPrefixed Add(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return Add(StrictUtf8.GetBytes(field));
    }

    /// <summary>A number, as 8 bytes.</summary>
    public LengthPrefixed Add(ulong field)
    {
        _writer.U32(sizeof(ulong)).U64(field);
        return this;
    }

    /// <summary>A number that is never negative, as 8 bytes.</summary>
    public LengthPrefixed Add(long field)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(field);
        return Add((ulong)field);
    }

    /// <summary>A hash, as its 32 bytes.</summary>
    public LengthPrefixed Add(Digest field)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        field.CopyTo(bytes);
        return Add(bytes);
    }

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => _writer.ToArray();

    /// <summary>The SHA-256 of the bytes.</summary>
    public Digest Hash() => Digest.Of(Written);
}
