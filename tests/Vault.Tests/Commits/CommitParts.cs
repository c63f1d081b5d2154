using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;

namespace Coffer.Vaults.Tests.Commits;

/// <summary>A commit of Bob's with everything in it, and the parts to seal and open it.</summary>
internal static class CommitParts
{
    public static Digest Vault { get; } = Digest.Of("a vault"u8);

    public static byte[] EpochKey { get; } = Digest.Of("a key"u8).ToArray();

    public static ObjectName First { get; } = new(86_400, 1);

    public static ObjectName Second { get; } = new(86_400, UInt128.MaxValue);

    public static byte[] Tail { get; } = [.. BodyWriter.SealSmall("one"u8, Key(1)).Bytes, .. BodyWriter.SealSmall("two"u8, Key(2)).Bytes];

    public static CommitHeader Header { get; } = new()
    {
        Writer = 0xfedc_ba98_7654_3210,
        Number = 5,
        Clock = new HybridTime((1_767_225_600_000 << 16) | 3),
        Epoch = 2,
        Previous = Digest.Of("before"u8),
        Ends = 0,
        HeadLength = 0,
        TailLength = 0,
        Salt = Digest.Of("salt"u8).ToArray(),
    };

    public static CommitHead Head { get; } = new()
    {
        Author = People.Bob.Public,
        LedgerHeight = 300,
        LedgerHash = Digest.Of("block"u8),
        Seen =
        [
            .. new CommitLink[]
            {
                new(People.Alice.Public, 1, 9, Digest.Of("a"u8)), new(People.Alice.Public, 1, 9, Digest.Of("b"u8)), new(People.Carol.Public, ulong.MaxValue, long.MaxValue, Digest.Zero),
            }.Order(),
        ],
        Objects = [new ObjectUse(First, 1_000), new ObjectUse(Second, (16 << 20) + 256 * 48 + 18)],
        Records =
        [
            Put("in/the tail", 1, 3, new PiecePlace(null, 0, Digest.Of("root 1"u8))),
            Put("in/a bundle", 2, 984, new PiecePlace(First, 0, Digest.Of("root 2"u8))),
            new DeleteRecord { Space = 0, Path = "gone \u00fc \U0001f600", Id = UInt128.MaxValue, RecordEnd = 0 },
            Put("two pieces", 3, (16 << 20) + 1, new PiecePlace(Second, 0, Digest.Of("root 3"u8)), new PiecePlace(First, 900, Digest.Of("root 4"u8))),
            Put("in/the tail too", 4, 3, new PiecePlace(null, 19, Digest.Of("root 5"u8))) with { Attributes = new byte[] { 1, 2, 3 }, Modified = -1, ContentEnd = 10, RecordEnd = 20 },
            Put($"{People.Bob.Public}/name", 5, 0) with { Space = Spaces.Members, Attributes = "Bob"u8.ToArray() },
            Put("of another space", 6, 0) with { Space = 77 },
            Sealed(Put("to Carol", 7, (16 << 20) + 1, new PiecePlace(Second, 0, Digest.Of("root 6"u8)), new PiecePlace(First, 900, Digest.Of("root 7"u8)))),
            Sealed(new DeleteRecord { Space = 0, Path = "no more for Carol", Id = 8, RecordEnd = 77 }),
            new UnknownRecord(4, new byte[] { 9, 9 }),
            new UnknownRecord(long.MaxValue, Array.Empty<byte>()),
        ],
    };

    public static byte[] Key(byte of) => Digest.Of([of]).ToArray();

    public static PutRecord Put(string path, byte id, long length, params PiecePlace[] pieces) => new()
    {
        Space = Spaces.Files,
        Path = path,
        Id = id,
        Modified = 1_767_225_600_000,
        Attributes = Array.Empty<byte>(),
        ContentEnd = 0,
        RecordEnd = 0,
        Body = length == 0 ? BodyDescriptor.Empty : new BodyDescriptor(Key(id), BodyLayout.OfKnownLength(length), pieces),
    };

    /// <summary>A record of Bob's, sealed to Carol.</summary>
    public static SealedRecord Sealed(FileRecord file, PublicId? recipient = null)
    {
        recipient ??= People.Carol.Public;
        return SealedRecord.Of(file, recipient, RecordSeal.Seal(Vault, People.Bob.Public, recipient, file, new CountedRandom(9))) with { Opened = null };
    }

    public static CommitSeal.Sealed Seal(CommitHead? head = null, CommitHeader? header = null, byte[]? tail = null, PrivateId? author = null) =>
        CommitSeal.Seal(header ?? Header, head ?? Head, tail ?? Tail, author ?? People.Bob, Vault, EpochKey);

    /// <summary>What a reader makes of the bytes of a commit that stands under a name.</summary>
    public static Commit? Open(byte[] bytes, Digest? vault = null, byte[]? epochKey = null)
    {
        var header = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size));
        if (header.TotalLength != bytes.Length)
            throw new WireException("it has another length");
        return CommitSeal.Open(header, bytes, vault ?? Vault, epochKey ?? EpochKey, Ed25519Checker.Instance, new PublicIdCache());
    }

    /// <summary>The encoding of a head without its signature.</summary>
    public static byte[] Text(CommitHead? head = null) => CommitHeadCodec.Write(head ?? Head, Tail.Length);

    /// <summary>Reads a head without its signature, to the last byte.</summary>
    public static CommitHead Read(byte[] text, int? tail = null, PublicIdCache? ids = null)
    {
        var reader = new WireReader(text);
        var head = CommitHeadCodec.Read(ref reader, tail ?? Tail.Length, ids ?? new PublicIdCache());
        reader.End();
        return head;
    }

    /// <summary>A commit of a head that no codec would write, signed and sealed as it should be.</summary>
    public static byte[] SealRaw(byte[] text, long ends = 0, byte[]? tail = null, PrivateId? author = null, Digest? vault = null, byte[]? behind = null)
    {
        tail ??= Tail;
        byte[] plain = [.. text, .. new byte[64], .. behind ?? []];
        var header = (Header with { Ends = ends, HeadLength = plain.Length + 16, TailLength = tail.Length }).ToArray();
        var info = new LengthPrefixed("coffer/commit/v1").Add((vault ?? Vault).ToArray()).Add(header);
        var key = new byte[32];
        Vaults.Cryptography.Derivation.Derive(EpochKey, Header.Salt, info.Written, key);
        (author ?? People.Bob).Sign(info.Add(text).Written).CopyTo(plain, text.Length);
        return [.. header, .. Vaults.Cryptography.OneTimeSeal.Seal(key, plain, header), .. tail];
    }
}
