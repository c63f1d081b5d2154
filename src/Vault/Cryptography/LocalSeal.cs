using System.Security.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Cryptography;

/// <summary>
/// Seals what rests in the local database: AES-256-GCM under a key that comes from the private id, with a random nonce of 96 bits in front. One key seals far fewer than the 2^32 texts that
/// NIST SP 800-38D, section 8.3 allows for it.
/// </summary>
internal sealed class LocalSeal : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>How many bytes longer a text is when it is sealed.</summary>
    public const int Overhead = NonceSize + TagSize;

    // A cipher is not for several threads at once: its results would be wrong now and then.
    private readonly Lock _lock = new();
    private readonly AesGcm _cipher;
    private readonly IRandomSource _random;

    /// <param name="owner">Whose database it is.</param>
    /// <param name="purpose">What the key is for; another purpose is another key.</param>
    /// <param name="random">Gives the nonces.</param>
    public LocalSeal(PrivateId owner, string purpose, IRandomSource random)
    {
        Span<byte> key = stackalloc byte[32];
        owner.DeriveLocalKey(purpose, key);
        _cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        _random = random;
    }

    private LocalSeal(ReadOnlySpan<byte> key, IRandomSource random)
    {
        _cipher = new AesGcm(key, TagSize);
        _random = random;
    }

    /// <summary>For the database of nobody in particular, in which nothing is secret: everybody knows its key.</summary>
    /// <param name="purpose">What the key is for.</param>
    /// <param name="random">Gives the nonces.</param>
    public static LocalSeal OfNobody(string purpose, IRandomSource random) => new(new LengthPrefixed(purpose).Hash().ToArray(), random);

    public byte[] Seal(ReadOnlySpan<byte> text)
    {
        var result = new byte[NonceSize + text.Length + TagSize];
        var nonce = result.AsSpan(0, NonceSize);
        _random.Fill(nonce);
        lock (_lock)
            _cipher.Encrypt(nonce, text, result.AsSpan(NonceSize, text.Length), result.AsSpan(NonceSize + text.Length));
        return result;
    }

    /// <exception cref="VaultException">It was sealed by somebody else, or is damaged.</exception>
    public byte[] Open(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[Math.Max(0, bytes.Length - NonceSize - TagSize)];
        try
        {
            if (bytes.Length < NonceSize + TagSize)
                throw new AuthenticationTagMismatchException();
            lock (_lock)
                _cipher.Decrypt(bytes[..NonceSize], bytes.Slice(NonceSize, text.Length), bytes[^TagSize..], text);
            return text;
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new VaultException("What the index holds does not open with this identity: it is damaged, or was made by another. Delete the index files; they come back from the store.", fault);
        }
    }

    public void Dispose() => _cipher.Dispose();
}
