using System.Buffers.Binary;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Packs;

/// <summary>The bytes of a pack (format, section 11).</summary>
internal static class PackCodec
{
    /// <summary>What comes before the table.</summary>
    public const int PrefaceSize = 18;

    /// <summary>The most that table and heads take.</summary>
    public const int MaxHeads = 16 << 20;

    /// <summary>The largest pack.</summary>
    public const int MaxSize = 64 << 20;

    /// <summary>The most that a commit takes among the heads beside its header and head: its form, and a run of its own in the table.</summary>
    public const int EntryRoom = 32;

    private const ushort Version = 1;
    private const int LeastEntry = 1 + CommitHeader.Size + Digest.Size;

    private static ReadOnlySpan<byte> Magic => "cofferpk"u8;

    private static int HeadRoom(PackEntry entry) => EntryRoom + entry.Head.Length;

    /// <summary>Writes a pack.</summary>
    /// <param name="entries">Its commits, ascending by name, one at least, within the limits.</param>
    public static (PackName Name, byte[] Bytes) Write(IReadOnlyList<PackEntry> entries)
    {
        var heads = new WireWriter(PrefaceSize + entries.Sum(HeadRoom) + entries.Sum(static entry => entry.Tail.Length));
        heads.Raw(stackalloc byte[PrefaceSize]);
        WriteTable(heads, entries);
        var (from, to) = (entries[0].Header.Clock, entries[0].Header.Clock);
        var tails = 0L;
        foreach (var entry in entries)
        {
            heads.U8((byte)entry.Form).Raw(entry.Head.Span);
            tails += entry.Tail.Length;
            from = entry.Header.Clock.CompareTo(from) < 0 ? entry.Header.Clock : from;
            to = entry.Header.Clock.CompareTo(to) > 0 ? entry.Header.Clock : to;
        }
        var headsLength = heads.Length - PrefaceSize;
        if (headsLength > MaxHeads || heads.Length + tails > MaxSize)
            throw new ArgumentException($"A pack cannot hold these {entries.Count} commits with {headsLength} bytes of heads and {tails} of tails.", nameof(entries));
        foreach (var entry in entries)
            heads.Raw(entry.Tail.Span);
        var bytes = heads.ToArray();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(10), (uint)headsLength);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(14), (uint)tails);
        return (new PackName(from, to, Digest.Of(bytes)), bytes);
    }

    /// <summary>Reads the preface.</summary>
    /// <param name="preface">The first <see cref="PrefaceSize"/> bytes.</param>
    /// <param name="size">The size of the object.</param>
    /// <returns>The length of preface, table and heads together.</returns>
    /// <exception cref="WireException">It is no pack of this version and size.</exception>
    public static int ReadPreface(ReadOnlySpan<byte> preface, long size)
    {
        var reader = new WireReader(preface);
        if (!reader.Raw(Magic.Length).SequenceEqual(Magic))
            throw new WireException("it is no pack (its first bytes differ)");
        if (reader.U16() is var version && version != Version)
            throw new WireException($"it has version {version}, and this software reads version {Version}");
        var heads = reader.U32();
        var tails = reader.U32();
        reader.End();
        if (heads > MaxHeads || size > MaxSize || size != PrefaceSize + (long)heads + tails)
            throw new WireException($"it has {size} bytes, and states {heads} of heads and {tails} of tails");
        return PrefaceSize + (int)heads;
    }

    /// <summary>Reads the entries.</summary>
    /// <param name="name">The name that it has.</param>
    /// <param name="bytes">The whole pack, or its beginning up to the end of the heads.</param>
    /// <param name="size">The size of the object.</param>
    /// <exception cref="WireException">These bytes are not what the format says.</exception>
    public static IReadOnlyList<PackEntry> Read(PackName name, ReadOnlyMemory<byte> bytes, long size)
    {
        if (bytes.Length < PrefaceSize)
            throw new WireException($"it has {size} bytes, which is too few for a pack");
        var end = ReadPreface(bytes.Span[..PrefaceSize], size);
        if (bytes.Length < end)
            throw new WireException("it ends within its heads");
        var reader = new WireReader(bytes.Span[..end]);
        reader.Raw(PrefaceSize);
        var runs = ReadTable(ref reader, end);
        var entries = new List<PackEntry>();
        var tail = (long)end;
        foreach (var (writer, first, last) in runs)
        {
            // The last number may be the greatest that there is.
            for (var i = 0L; i <= last - first; i++)
            {
                var number = first + i;
                var entry = ReadEntry(ref reader, bytes, size, tail);
                if (entry.Header.Writer != writer || entry.Header.Number != number)
                    throw new WireException($"commit {entry.Name} stands in the place of {new CommitName(writer, number)}");
                if (entry.Form == PackForm.WithTail)
                    tail += entry.Header.TailLength;
                entries.Add(entry);
            }
        }
        reader.End();
        if (tail != size)
            throw new WireException($"its tails take {tail - end} bytes, and it has {size - end}");
        CheckRange(name, entries);
        return entries;
    }

    private static PackEntry ReadEntry(ref WireReader reader, ReadOnlyMemory<byte> bytes, long size, long tail)
    {
        var form = (PackForm)reader.U8();
        var start = reader.Position;
        var header = CommitHeader.Parse(reader.Raw(CommitHeader.Size));
        if (form > PackForm.Stub || (form == PackForm.WithTail && header.TailLength == 0))
            throw new WireException($"commit {new CommitName(header.Writer, header.Number)} in it cannot have the form {(int)form}");
        reader.Raw(form == PackForm.Stub ? Digest.Size : header.HeadLength);
        var head = bytes[start..reader.Position];
        if (form != PackForm.WithTail)
            return PackEntry.Read(form, header, head, default, 0);
        var here = tail + header.TailLength <= bytes.Length ? bytes.Slice((int)tail, header.TailLength) : default;
        return tail + header.TailLength <= size ? PackEntry.Read(form, header, head, here, tail) : throw new WireException("it ends within its tails");
    }

    private static void WriteTable(WireWriter writer, IReadOnlyList<PackEntry> entries)
    {
        var runs = new List<(ulong Writer, long First, long Last)>();
        foreach (var entry in entries)
        {
            var name = entry.Name;
            if (runs is [.., var run] && run.Writer == name.Writer && run.Last + 1 == name.Number)
                runs[^1] = run with { Last = name.Number };
            else if (runs is [.., var last] && name.CompareTo(new CommitName(last.Writer, last.Last)) <= 0)
                throw new ArgumentException("The commits of a pack ascend by name.", nameof(entries));
            else
                runs.Add((name.Writer, name.Number, name.Number));
        }
        writer.VarInt(runs.Count);
        foreach (var (id, first, last) in runs)
            writer.U64(id).VarInt(first).VarInt(last);
    }

    private static List<(ulong Writer, long First, long Last)> ReadTable(ref WireReader reader, int end)
    {
        var runs = new List<(ulong Writer, long First, long Last)>(reader.Count(leastBytesPerItem: 10, max: int.MaxValue));
        var room = end / LeastEntry;
        var count = runs.Capacity;
        for (var i = 0; i < count; i++)
        {
            var run = (Writer: reader.U64(), First: reader.VarInt(), Last: reader.VarInt());
            // Written so that nothing can overflow.
            if (run.First < 1 || run.Last < run.First || run.Last - run.First >= room)
                throw new WireException($"its table has a run of numbers from {run.First} to {run.Last}, which it cannot hold");
            room -= (int)(run.Last - run.First + 1);
            if (runs is [.., var before] && (run.Writer < before.Writer || (run.Writer == before.Writer && run.First - 1 <= before.Last)))
                throw new WireException("the runs of its table do not ascend, or touch each other");
            runs.Add(run);
        }
        return runs.Count > 0 ? runs : throw new WireException("it holds no commit");
    }

    private static void CheckRange(PackName name, List<PackEntry> entries)
    {
        var from = entries.Min(static entry => entry.Header.Clock.Value);
        var to = entries.Max(static entry => entry.Header.Clock.Value);
        if (from != name.From.Value || to != name.To.Value)
            throw new WireException("its name states another range of clocks than its commits have");
    }
}
