using System.Buffers.Binary;
using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Index;

/// <summary>The place of a record in the total order (format, section 9), as bytes that sort so: clock, author, writer, number, index in the commit.</summary>
internal static class Place
{
    private const int Size = 8 + PublicId.Size + 8 + 8 + 4;

    public static byte[] Of(Commit commit, int position)
    {
        var bytes = new byte[Size];
        var rest = bytes.AsSpan();
        BinaryPrimitives.WriteInt64BigEndian(rest, commit.Header.Clock.Value);
        rest = rest[8..];
        commit.Head.Author.Bytes.CopyTo(rest);
        rest = rest[PublicId.Size..];
        BinaryPrimitives.WriteUInt64BigEndian(rest, commit.Header.Writer);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], commit.Header.Number);
        BinaryPrimitives.WriteInt32BigEndian(rest[16..], position);
        return bytes;
    }

    public static HybridTime Clock(ReadOnlySpan<byte> place) => new(BinaryPrimitives.ReadInt64BigEndian(place));

    public static PublicId Author(ReadOnlySpan<byte> place) => PublicId.FromTrustedBytes(place.Slice(8, PublicId.Size));

    public static CommitName Commit(ReadOnlySpan<byte> place) => new(
        BinaryPrimitives.ReadUInt64BigEndian(place[(8 + PublicId.Size)..]),
        BinaryPrimitives.ReadInt64BigEndian(place[(16 + PublicId.Size)..]));

    public static int Position(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadInt32BigEndian(place[^4..]);
}
