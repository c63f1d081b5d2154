using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Simulation;

/// <summary>Reads the commits of a pack, by docs/format.md, section 11, and by no code of the vault's.</summary>
internal static class PackedCommits
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const int Preface = 18;

    /// <param name="key">The name of the pack.</param>
    /// <param name="pack">Its bytes.</param>
    /// <param name="mayEnd">Whether there are records that end, so that there may be stubs.</param>
    /// <param name="context">Where violations go.</param>
    public static IEnumerable<StoredCommit> Read(string key, byte[] pack, bool mayEnd, SimContext context)
    {
        if (!key.EndsWith(Hash(pack), StringComparison.Ordinal))
            context.Violation($"{key} has another hash than its name says");
        var at = Preface;
        var runs = new List<(ulong Writer, ulong First, ulong Last)>();
        for (var count = VarInt(pack, ref at); count > 0; count--)
        {
            var writer = BinaryPrimitives.ReadUInt64BigEndian(pack.AsSpan(at));
            at += 8;
            runs.Add((writer, VarInt(pack, ref at), VarInt(pack, ref at)));
        }
        foreach (var (writer, first, last) in runs)
        {
            for (var number = first; number <= last; number++)
            {
                var name = $"users/commits/{Base32(writer)}/{Base32(number)}";
                var isStub = pack[at++] == 2;
                var header = pack.AsSpan(at, StoredCommit.HeaderSize);
                if ((isStub && !mayEnd) || BinaryPrimitives.ReadUInt64BigEndian(header[10..]) != writer || BinaryPrimitives.ReadUInt64BigEndian(header[18..]) != number)
                    context.Violation($"{key} has something else than commit {number} of its table, or a stub where nothing ever ends");
                if (isStub)
                {
                    var end = at + StoredCommit.HeaderSize + SHA256.HashSizeInBytes;
                    yield return new StoredCommit(name, pack[at..(at + StoredCommit.HeaderSize)], pack[(at + StoredCommit.HeaderSize)..end]);
                    at = end;
                    continue;
                }
                var commit = StoredCommit.Of(name, pack.AsSpan(at));
                yield return commit;
                at += StoredCommit.HeaderSize + commit.HeadLength;
            }
        }
    }

    private static ulong VarInt(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var group = bytes[at++];
            value |= (ulong)(group & 0x7f) << shift;
            if (group < 0x80)
                return value;
        }
    }

    private static string Base32(ulong value)
    {
        var digits = new char[13];
        for (var i = digits.Length - 1; i >= 0; i--, value >>= 5)
            digits[i] = Digits[(int)(value & 31)];
        return new string(digits);
    }

    private static string Hash(byte[] bytes)
    {
        var value = new System.Numerics.BigInteger(SHA256.HashData(bytes), isUnsigned: true, isBigEndian: true);
        var digits = new char[52];
        for (var i = digits.Length - 1; i >= 0; i--, value >>= 5)
            digits[i] = Digits[(int)(value & 31)];
        return new string(digits);
    }
}
