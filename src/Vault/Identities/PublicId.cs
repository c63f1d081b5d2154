using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>
/// Who somebody is: the public half of an identity, 65 bytes. The first 33 are a compressed point of secp256k1, to which keys are sealed; the other 32 are an
/// Ed25519 key, which signatures are checked with. As text it is base64url (RFC 4648, section 5) with padding, 88 characters.
/// </summary>
/// <remarks>Ids are ordered by their bytes. An id that exists was validated: on the curve, canonical, and of prime order.</remarks>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "An order for lists; nobody reads a < b of people.")]
public sealed class PublicId : IEquatable<PublicId>, IComparable<PublicId>
{
    /// <summary>The size in bytes.</summary>
    public const int Size = Secp256k1.PointSize + Ed25519Keys.KeySize;

    /// <summary>The length of the text.</summary>
    public const int TextLength = 88;

    private const int FingerprintGroup = 5;
    private const int FingerprintDigits = 25;

    private readonly byte[] _bytes;
    private string? _fingerprint;

    private PublicId(byte[] bytes) => _bytes = bytes;

    /// <summary>The 65 bytes: 33 of the secp256k1 point, 32 of the Ed25519 key.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// 125 bits of a hash over the whole id, as 25 characters in five groups, for two people to compare aloud or on paper: <c>0a1b2-...</c>. Ids with one
    /// fingerprint are the same id, for all that anybody can compute.
    /// </summary>
    public string Fingerprint => _fingerprint ??= MakeFingerprint();

    /// <summary>The secp256k1 point, 33 bytes.</summary>
    internal ReadOnlySpan<byte> Point => _bytes.AsSpan(0, Secp256k1.PointSize);

    /// <summary>The Ed25519 key, 32 bytes.</summary>
    internal ReadOnlySpan<byte> Key => _bytes.AsSpan(Secp256k1.PointSize);

    /// <summary>Whether two ids are equal.</summary>
    public static bool operator ==(PublicId? left, PublicId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    public static bool operator !=(PublicId? left, PublicId? right) => !(left == right);

    /// <summary>The id of a text of 88 characters.</summary>
    /// <exception cref="FormatException">The text is no public id; the message says why.</exception>
    public static PublicId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out var fault) ?? throw new FormatException($"This is no public id: {fault}.");
    }

    /// <summary>The id of a text, or false when the text is no public id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PublicId? id)
    {
        id = text is null ? null : Read(text, out _);
        return id is not null;
    }

    /// <summary>The id of 65 bytes.</summary>
    /// <exception cref="FormatException">The bytes are no public id; the message says why.</exception>
    public static PublicId FromBytes(ReadOnlySpan<byte> bytes) =>
        Fault(bytes) is { } fault ? throw new FormatException($"This is no public id: {fault}.") : new PublicId(bytes.ToArray());

    /// <summary>The id of 65 bytes, or false when they are none.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicId? id)
    {
        id = Fault(bytes) is null ? new PublicId(bytes.ToArray()) : null;
        return id is not null;
    }

    /// <summary>The id of 65 bytes that were validated before, such as those in a database of our own. The curves are not asked again.</summary>
    internal static PublicId FromTrustedBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A public id has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        return new PublicId(bytes.ToArray());
    }

    /// <summary>The hash code of the id with these 65 bytes.</summary>
    internal static int HashOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes[Secp256k1.PointSize..]);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PublicId? other) => other is not null && (ReferenceEquals(this, other) || Bytes.SequenceEqual(other.Bytes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicId);

    /// <summary>The same in every process.</summary>
    public override int GetHashCode() => HashOf(_bytes);

    /// <inheritdoc/>
    public int CompareTo(PublicId? other) => other is null ? 1 : Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>The 88 characters that <see cref="Parse"/> reads.</summary>
    public override string ToString() => PaddedBase64Url.Format(_bytes);

    private static PublicId? Read(string text, out string? fault)
    {
        if (text.Length != TextLength)
            fault = $"it has {text.Length} characters instead of {TextLength}";
        else if (!PaddedBase64Url.TryParse(text, out var bytes))
            fault = "it is not base64url with padding, strictly written";
        else
            return (fault = Fault(bytes)) is null ? new PublicId(bytes) : null;
        return null;
    }

    private static string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            return $"it has {bytes.Length} bytes instead of {Size}";
        if (!Secp256k1.IsPoint(bytes[..Secp256k1.PointSize]))
            return "its first part is no point of secp256k1";
        return Ed25519Keys.IsKey(bytes[Secp256k1.PointSize..]) ? null : "its second part is no usable Ed25519 key";
    }

    private string MakeFingerprint()
    {
        var hash = new LengthPrefixed("coffer/fingerprint/v1").Add(Bytes).Hash();
        var digits = Base32Hex.FormatLeading(hash.ToArray(), FingerprintDigits);
        return string.Join('-', digits.Chunk(FingerprintGroup).Select(group => new string(group)));
    }
}
