using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Simulation;

/// <summary>Reads the commits of a pack, by docs/format.md, section 11, and by no code of the vault's.</summary>
internal static class PackedCommits
{
    private const int Preface = 18;

    /// <param name="key">The name of the pack.</param>
    /// <param name="pack">Its bytes.</param>
    /// <param name="mayEnd">Whether there are records that end, so that there may be stubs.</param>
    /// <param name="context">Where violations go.</param>
    public static IEnumerable<StoredCommit> Read(string key, byte[] pack, bool mayEnd, SimContext context)
    {
        if (!key.EndsWith(Wire.Name(SHA256.HashData(pack)), StringComparison.Ordinal))
            context.Violation($"{key} has another hash than its name says");
        var at = Preface;
        var runs = new List<(ulong Writer, ulong First, ulong Last)>();
        for (var count = Wire.VarInt(pack, ref at); count > 0; count--)
        {
            var writer = BinaryPrimitives.ReadUInt64BigEndian(pack.AsSpan(at));
            at += 8;
            runs.Add((writer, Wire.VarInt(pack, ref at), Wire.VarInt(pack, ref at)));
        }
        foreach (var (writer, first, last) in runs)
        {
            for (var number = first; number <= last; number++)
            {
                var name = $"{key.Split('/')[0]}/commits/{Wire.Name(writer)}/{Wire.Name(number)}";
                var isStub = pack[at++] == 2;
                var header = pack.AsSpan(at, StoredCommit.HeaderSize);
                if ((isStub && !mayEnd) || BinaryPrimitives.ReadUInt64BigEndian(header[10..]) != writer || BinaryPrimitives.ReadUInt64BigEndian(header[18..]) != number)
                    context.Violation($"{key} has something else than commit {number} of its table, or a stub where nothing ever ends");
                if (isStub)
                {
                    var end = at + StoredCommit.HeaderSize + SHA256.HashSizeInBytes;
                    yield return new StoredCommit(name, pack[at..(at + StoredCommit.HeaderSize)], pack[(at + StoredCommit.HeaderSize)..end], IsStub: true);
                    at = end;
                    continue;
                }
                var commit = StoredCommit.Of(name, pack.AsSpan(at));
                yield return commit;
                at += StoredCommit.HeaderSize + commit.HeadLength;
            }
        }
    }
}
