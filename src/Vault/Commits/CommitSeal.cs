using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>
/// Seals and opens commits (format, section 6): signed first, then encrypted under a key of its own that comes from the epoch's key, the salt and the header, so
/// that a signed head has exactly one ciphertext.
/// </summary>
internal static class CommitSeal
{
    private const string Domain = "coffer/commit/v1";
    private const int SignatureSize = 64;
    private const int TagSize = 16;

    /// <summary>A sealed commit: its bytes, and what they say.</summary>
    public readonly record struct Sealed(byte[] Bytes, Commit Commit);

    /// <param name="header">All but the length of the head, which is found here.</param>
    /// <param name="head">What is to be sealed.</param>
    /// <param name="tail">The small bodies, sealed before, one after the other.</param>
    /// <param name="author">Who signs.</param>
    /// <param name="vault">The vault's id.</param>
    /// <param name="epochKey">The key of the header's epoch.</param>
    /// <exception cref="WireException">The head would be larger than a commit may have.</exception>
    public static Sealed Seal(CommitHeader header, CommitHead head, ReadOnlySpan<byte> tail, PrivateId author, Digest vault, ReadOnlySpan<byte> epochKey)
    {
        var text = CommitHeadCodec.Write(head, tail.Length);
        var length = (long)text.Length + SignatureSize + TagSize;
        if (length > CommitHeader.MaxHead)
            throw new WireException($"a commit of {head.Records.Count} records would have a head of {length} bytes, and {CommitHeader.MaxHead} are allowed");
        header = header with { HeadLength = (int)length, TailLength = tail.Length };
        var headerBytes = header.ToArray();
        byte[] signed = [.. text, .. author.Sign(Statement(vault, headerBytes, text))];
        Span<byte> key = stackalloc byte[32];
        HeadKey(key, epochKey, header, headerBytes, vault);
        var sealedHead = OneTimeSeal.Seal(key, signed, headerBytes);
        CryptographicOperations.ZeroMemory(key);
        return new Sealed([.. headerBytes, .. sealedHead, .. tail], new Commit(header, head, HashOf(headerBytes, sealedHead)));
    }

    /// <summary>The hash by which everything names a commit.</summary>
    public static Digest HashOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> sealedHead)
    {
        Span<byte> both = stackalloc byte[CommitHeader.Size + Digest.Size];
        header.CopyTo(both);
        Digest.Of(sealedHead).CopyTo(both[CommitHeader.Size..]);
        return Digest.Of(both);
    }

    /// <summary>Opens a head and checks its signature; null when it does not open under this key.</summary>
    /// <param name="header">The parsed header.</param>
    /// <param name="bytes">The commit's bytes: header and sealed head at least.</param>
    /// <param name="vault">The vault's id.</param>
    /// <param name="epochKey">The key of the header's epoch.</param>
    /// <param name="signatures">Checks the signature.</param>
    /// <param name="ids">Public ids validated before.</param>
    /// <exception cref="WireException">It opens, and breaks a rule of the format, or its signature is not its author's.</exception>
    public static Commit? Open(CommitHeader header, ReadOnlySpan<byte> bytes, Digest vault, ReadOnlySpan<byte> epochKey, ISignatureChecker signatures, PublicIdCache ids)
    {
        var headerBytes = bytes[..CommitHeader.Size];
        var sealedHead = bytes.Slice(CommitHeader.Size, header.HeadLength);
        Span<byte> key = stackalloc byte[32];
        HeadKey(key, epochKey, header, headerBytes, vault);
        var opened = OneTimeSeal.TryOpen(key, sealedHead, headerBytes, out var text);
        CryptographicOperations.ZeroMemory(key);
        if (!opened)
            return null;
        var reader = new WireReader(text);
        var head = CommitHeadCodec.Read(ref reader, header.TailLength, ids);
        var unsigned = text.AsSpan(0, reader.Position);
        var signature = reader.Raw(SignatureSize);
        reader.End();
        if (!signatures.Check(head.Author, signature, Statement(vault, headerBytes, unsigned)))
            throw new WireException($"the signature on it is not that of its author {head.Author.Fingerprint}");
        if (header.Ends != EndOf(head.Records))
            throw new WireException("its header states another end than its records");
        return new Commit(header, head, HashOf(headerBytes, sealedHead));
    }

    /// <summary>The latest end of some records; 0 when one of them never ends, or there is none.</summary>
    public static long EndOf(IReadOnlyList<Records.Record> records)
    {
        var latest = 0L;
        foreach (var record in records)
        {
            if (record is not Records.VersionRecord { RecordEnd: > 0 and var end })
                return 0;
            latest = Math.Max(latest, end);
        }
        return latest;
    }

    private static void HeadKey(Span<byte> key, ReadOnlySpan<byte> epochKey, CommitHeader header, ReadOnlySpan<byte> headerBytes, Digest vault) =>
        Derivation.Derive(epochKey, header.Salt, Info(vault, headerBytes).Written, key);

    private static LengthPrefixed Info(Digest vault, ReadOnlySpan<byte> headerBytes) => new LengthPrefixed(Domain).Add(vault.ToArray()).Add(headerBytes);

    private static ReadOnlySpan<byte> Statement(Digest vault, ReadOnlySpan<byte> headerBytes, ReadOnlySpan<byte> text) => Info(vault, headerBytes).Add(text).Written;
}
