using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Coffer.Vaults;

/// <summary>
/// The secret half of an identity, 64 bytes: a private key of secp256k1, which opens what is sealed to its owner, and the seed of an Ed25519 key, which signs.
/// Dispose it when done: that wipes its memory.
/// </summary>
public sealed class PrivateId : IDisposable
{
    /// <summary>The size in bytes.</summary>
    internal const int Size = Secp256k1.ScalarSize + Ed25519Keys.SeedSize;

    // Pinned, so that the collector leaves no copies of it behind when it moves things.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    private readonly byte[] _key;
    private bool _disposed;

    private PrivateId(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes);
        var point = Secp256k1.PointOf(Scalar);
        _key = Ed25519Keys.KeyOf(Seed);
        Public = PublicId.FromTrustedBytes([.. point, .. _key]);
    }

    /// <summary>The id that belongs to it and may be shown to anybody.</summary>
    public PublicId Public { get; }

    private ReadOnlySpan<byte> Scalar => _bytes.AsSpan(0, Secp256k1.ScalarSize);

    private ReadOnlySpan<byte> Seed => _bytes.AsSpan(Secp256k1.ScalarSize);

    /// <summary>A new identity.</summary>
    /// <param name="random">Where its bytes come from; the operating system when null.</param>
    public static PrivateId Create(IRandomSource? random = null)
    {
        random ??= SystemRandom.Instance;
        Span<byte> bytes = stackalloc byte[Size];
        // Fewer than one in 2^127 tries is refused, so only a broken source comes here twice; it may not keep us for ever.
        for (var tries = 0; tries < 16; tries++)
        {
            random.Fill(bytes);
            if (!Secp256k1.IsScalar(bytes[..Secp256k1.ScalarSize]))
                continue;
            var id = new PrivateId(bytes);
            CryptographicOperations.ZeroMemory(bytes);
            return id;
        }
        throw new CryptographicException("The source of random bytes gives no private keys; it is broken.");
    }

    /// <summary>The identity of a text that <see cref="ExportText"/> gave.</summary>
    /// <exception cref="FormatException">The text is no private id. The message never holds any of it.</exception>
    public static PrivateId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>As the public one, for characters that can be wiped.</summary>
    internal static PrivateId Parse(ReadOnlySpan<char> text)
    {
        if (!PaddedBase64Url.TryParse(text, out var bytes))
            throw new FormatException("This is no private id: it is not base64url with padding, strictly written.");
        try
        {
            return FromBytes(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Signs with Ed25519 (RFC 8032, section 5.1.6): 64 bytes, the same for the same message each time.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var signature = new byte[Ed25519Keys.SignatureSize];
        Ed25519.Sign(_bytes, Secp256k1.ScalarSize, _key, 0, message.ToArray(), 0, message.Length, signature, 0);
        return signature;
    }

    /// <summary>The secret itself, 88 characters of base64url with padding. Whoever has them is this identity: keep them where nobody reads.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public string ExportText()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return PaddedBase64Url.Format(_bytes);
    }

    /// <summary>Shows the public id, never a secret.</summary>
    public override string ToString() => $"private id of {Public}";

    /// <summary>Wipes the secret. Every later use of it is refused.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>The identity of 64 bytes.</summary>
    /// <exception cref="FormatException">The bytes are no private id.</exception>
    internal static PrivateId FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new FormatException($"This is no private id: it has {bytes.Length} bytes instead of {Size}.");
        if (!Secp256k1.IsScalar(bytes[..Secp256k1.ScalarSize]))
            throw new FormatException("This is no private id: its first part is no private key of secp256k1.");
        return new PrivateId(bytes);
    }

    /// <summary>The x coordinate, 32 bytes, of the point shared with who has the private key of <paramref name="point33"/>. Wipe it after use.</summary>
    /// <exception cref="FormatException">The bytes are no point of the curve.</exception>
    internal byte[] Agree(ReadOnlySpan<byte> point33)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Secp256k1.Agree(Scalar, point33);
    }

    /// <summary>A key for what rests on this machine: HKDF(private bytes, -, lp(purpose, public id)).</summary>
    /// <param name="purpose">A label of its own for each use.</param>
    /// <param name="output">Gets the key, 32 bytes.</param>
    internal void DeriveLocalKey(string purpose, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Derivation.Derive(_bytes, [], new LengthPrefixed(purpose).Add(Public.Bytes).Written, output);
    }

    /// <summary>Writes the 64 secret bytes, to be sealed and wiped at once.</summary>
    internal void CopySecretTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _bytes.CopyTo(destination);
    }
}
