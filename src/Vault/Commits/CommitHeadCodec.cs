using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Commits;

/// <summary>The bytes of a head, without its signature (format, section 6).</summary>
internal static class CommitHeadCodec
{
    public static byte[] Write(CommitHead head, int tailLength)
    {
        var writer = new WireWriter();
        writer.Raw(head.Author.Bytes);
        writer.VarInt(head.LedgerHeight);
        writer.Raw(head.LedgerHash.ToArray());
        writer.VarInt(head.Seen.Count);
        foreach (var seen in head.Seen)
        {
            writer.Raw(seen.Author.Bytes);
            writer.U64(seen.Writer);
            writer.U64((ulong)seen.Number);
            writer.Raw(seen.Hash.ToArray());
        }
        writer.VarInt(head.Objects.Count);
        Span<byte> id = stackalloc byte[16];
        foreach (var use in head.Objects)
        {
            writer.VarInt(use.Name.Segment);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(id, use.Name.Id);
            writer.Raw(id);
            writer.VarInt(use.Size);
        }
        var objects = new ObjectTable(head.Objects, tailLength);
        writer.VarInt(head.Records.Count);
        foreach (var record in head.Records)
            RecordCodec.Write(writer, record, objects);
        objects.CheckAllUsed();
        return writer.ToArray();
    }

    /// <summary>Reads a head; what is left in the reader is the signature.</summary>
    public static CommitHead Read(ref WireReader reader, int tailLength, PublicIdCache ids)
    {
        var author = reader.Id(ids);
        var height = reader.VarInt();
        var hash = new Digest(reader.Raw(Digest.Size));
        var seen = ReadSeen(ref reader, ids);
        var uses = ReadObjects(ref reader);
        var objects = new ObjectTable(uses, tailLength);
        var records = new Record[reader.Count(leastBytesPerItem: 2, max: int.MaxValue)];
        for (var i = 0; i < records.Length; i++)
            records[i] = RecordCodec.Read(ref reader, objects, author, ids);
        objects.CheckAllUsed();
        return new CommitHead { Author = author, LedgerHeight = height, LedgerHash = hash, Seen = seen, Objects = uses, Records = records };
    }

    private static CommitLink[] ReadSeen(ref WireReader reader, PublicIdCache ids)
    {
        var seen = new CommitLink[reader.Count(leastBytesPerItem: PublicId.Size + 48, CommitHead.MaxSeen)];
        for (var i = 0; i < seen.Length; i++)
        {
            var author = reader.Id(ids);
            var writer = reader.U64();
            var number = reader.U64();
            if (number is 0 or > long.MaxValue)
                throw new WireException("a number in its seen-list is out of range");
            seen[i] = new CommitLink(author, writer, (long)number, new Digest(reader.Raw(Digest.Size)));
            if (i > 0 && seen[i - 1].CompareTo(seen[i]) >= 0)
                throw new WireException("its seen-list is not in order");
        }
        return seen;
    }

    private static ObjectUse[] ReadObjects(ref WireReader reader)
    {
        var uses = new ObjectUse[reader.Count(leastBytesPerItem: 18, max: int.MaxValue)];
        for (var i = 0; i < uses.Length; i++)
        {
            var segment = reader.VarInt();
            if (segment > ObjectName.MaxSegment)
                throw new WireException("a segment in it is out of range");
            var id = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(reader.Raw(16));
            uses[i] = new ObjectUse(new ObjectName(segment, id), reader.VarInt());
            if (i > 0 && ObjectTable.Compare(uses[i - 1].Name, uses[i].Name) >= 0)
                throw new WireException("its objects are not in order");
        }
        return uses;
    }
}
