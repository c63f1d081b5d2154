using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Org.BouncyCastle.Crypto.Generators;

namespace Coffer.Vaults;

/// <summary>A private id under a passphrase (docs/format.md, section 3). Everything in it but the private id can be read by anybody.</summary>
internal sealed class LockedIdentity
{
    /// <summary>The size in bytes.</summary>
    public const int Size = HeaderSize + SealedSize + CheckSize;

    private const int SaltSize = 32;
    private const int HeaderSize = 3 + SaltSize + PublicId.Size;
    private const int SealedSize = PrivateId.Size + OneTimeSeal.Overhead;
    private const int CheckSize = 4;

    private readonly byte[] _bytes;

    private LockedIdentity(byte[] bytes, IdentityLock work, PublicId id)
    {
        _bytes = bytes;
        Work = work;
        Public = id;
    }

    /// <summary>The locked bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How much work a try takes.</summary>
    public IdentityLock Work { get; }

    /// <summary>Whose identity it says it is. That is shown only by opening it.</summary>
    public PublicId Public { get; }

    private ReadOnlySpan<byte> Header => _bytes.AsSpan(0, HeaderSize);

    /// <summary>Locks an identity. It takes as long as <paramref name="work"/> says.</summary>
    /// <exception cref="ArgumentException">The passphrase has a lone surrogate, or the work is not allowed.</exception>
    public static LockedIdentity Lock(PrivateId id, string passphrase, IdentityLock work, IRandomSource random)
    {
        if (!work.IsAllowed)
            throw new ArgumentException($"scrypt is not run with {work}.", nameof(work));
        var salt = new byte[SaltSize];
        random.Fill(salt);
        var header = new WireWriter(Size).U8(work.LogN).U8(work.R).U8(work.P).Raw(salt).Id(id.Public);
        var secret = new byte[PrivateId.Size];
        var key = Stretch(passphrase, salt, work);
        try
        {
            id.CopySecretTo(secret);
            header.Raw(OneTimeSeal.Seal(key, secret, header.Written));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
        return new LockedIdentity(header.Raw(Check(header.Written)).ToArray(), work, id.Public);
    }

    /// <summary>Reads the bytes of <see cref="Lock"/>.</summary>
    /// <exception cref="WireException">They are damaged, or ask for more work than is allowed.</exception>
    public static LockedIdentity Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new WireException($"it has {bytes.Length} bytes instead of {Size}");
        if (!bytes[^CheckSize..].SequenceEqual(Check(bytes[..^CheckSize])))
            throw new WireException("its check bytes do not fit");
        var reader = new WireReader(bytes);
        var work = new IdentityLock(reader.U8(), reader.U8(), reader.U8());
        if (!work.IsAllowed)
            throw new WireException($"it asks for {work}, which is not allowed");
        reader.Raw(SaltSize);
        return new LockedIdentity(bytes.ToArray(), work, reader.Id());
    }

    /// <summary>Opens it, or false when the passphrase is another. It takes as long as <see cref="Work"/> says.</summary>
    /// <exception cref="WireException">What is inside is not the private id of <see cref="Public"/>.</exception>
    public bool TryOpen(string passphrase, [NotNullWhen(true)] out PrivateId? id)
    {
        id = null;
        var key = Stretch(passphrase, Header.Slice(3, SaltSize), Work);
        var opened = OneTimeSeal.TryOpen(key, _bytes.AsSpan(HeaderSize, SealedSize), Header, out var secret);
        CryptographicOperations.ZeroMemory(key);
        if (!opened)
            return false;
        id = PrivateIdOf(secret);
        CryptographicOperations.ZeroMemory(secret);
        return true;
    }

    private PrivateId PrivateIdOf(byte[] secret)
    {
        PrivateId inside;
        try
        {
            inside = PrivateId.FromBytes(secret);
        }
        catch (FormatException e)
        {
            CryptographicOperations.ZeroMemory(secret);
            throw new WireException("what is locked in it is no private id", e);
        }
        if (inside.Public == Public)
            return inside;
        CryptographicOperations.ZeroMemory(secret);
        inside.Dispose();
        throw new WireException("what is locked in it is the private id of somebody else");
    }

    private static byte[] Stretch(string passphrase, ReadOnlySpan<byte> salt, IdentityLock work)
    {
        var password = StrictUtf8.GetBytes(passphrase);
        try
        {
            return SCrypt.Generate(password, [.. "coffer/identity-lock/v1"u8, .. salt], 1 << work.LogN, work.R, work.P, OneTimeSeal.KeySize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static byte[] Check(ReadOnlySpan<byte> bytes) => new LengthPrefixed("coffer/identity-check/v1").Add(bytes).Hash().ToArray()[..CheckSize];
}
