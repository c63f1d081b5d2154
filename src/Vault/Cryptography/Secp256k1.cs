using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Coffer.Vaults.Cryptography;

/// <summary>
/// The curve secp256k1 (SEC 2, section 2.4.1) for key agreement. Every scalar, point and coordinate has its full width, zero bytes in front included.
/// </summary>
/// <remarks>
/// The library's numbers cannot be wiped, so a scalar leaves copies on the heap for the collector to reuse; the arrays made here are wiped.
/// </remarks>
internal static class Secp256k1
{
    /// <summary>The size of a private key in bytes.</summary>
    public const int ScalarSize = 32;

    /// <summary>The size of a compressed point in bytes.</summary>
    public const int PointSize = 33;

    /// <summary>The size of a coordinate in bytes.</summary>
    public const int CoordinateSize = 32;

    // The library's own field arithmetic for this curve; the generic one is many times slower.
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");

    // A comb over a table of multiples of the generator, which looks every entry up in the same time.
    private static readonly FixedPointCombMultiplier GeneratorMultiplier = new();

    /// <summary>Whether the bytes are a private key d with 1 &lt;= d &lt; n, big-endian.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != ScalarSize)
            return false;
        var d = Number(scalar);
        return d.SignValue > 0 && d.CompareTo(Curve.N) < 0;
    }

    /// <summary>Whether the bytes are a compressed point (SEC 1, section 2.3.3) that is on the curve and not infinity.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> point) => TryDecode(point, out _);

    /// <summary>The compressed point dG of a private key d.</summary>
    /// <exception cref="ArgumentException">The scalar is no private key.</exception>
    public static byte[] PointOf(ReadOnlySpan<byte> scalar)
    {
        RequireScalar(scalar);
        return GeneratorMultiplier.Multiply(Curve.G, Number(scalar)).GetEncoded(compressed: true);
    }

    /// <summary>The x coordinate of the shared point (SEC 1, section 3.3.1), always 32 bytes.</summary>
    /// <exception cref="ArgumentException">The scalar is no private key.</exception>
    /// <exception cref="FormatException">The bytes are no point of the curve.</exception>
    public static byte[] Agree(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        RequireScalar(scalar);
        if (!TryDecode(point, out var other))
            throw new FormatException("The bytes are no compressed point of secp256k1.");
        var shared = other.Multiply(Number(scalar)).Normalize();
        return shared.AffineXCoord.GetEncoded();
    }

    private static void RequireScalar(ReadOnlySpan<byte> scalar)
    {
        if (!IsScalar(scalar))
            throw new ArgumentException("The bytes are no private key of secp256k1.", nameof(scalar));
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out ECPoint point)
    {
        point = Curve.Curve.Infinity;
        if (bytes.Length != PointSize || bytes[0] is not (2 or 3))
            return false;
        try
        {
            point = Curve.Curve.DecodePoint(bytes.ToArray());
            return !point.IsInfinity;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static BigInteger Number(ReadOnlySpan<byte> scalar)
    {
        var bytes = scalar.ToArray();
        var number = new BigInteger(1, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return number;
    }
}
