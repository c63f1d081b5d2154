using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Commits;

/// <summary>There is one encoding of a head, and no other is read.</summary>
public class CommitHeadCodecTests
{
    private static readonly CommitHead Plain = CommitParts.Head with { Seen = [], Objects = [], Records = [] };

    private static CommitHead Read(CommitHead head, int tail = 0) => CommitParts.Read(CommitHeadCodec.Write(head, tail), tail);

    /// <summary>The start of a head: author, height, hash.</summary>
    private static WireWriter Start() => new WireWriter().Id(People.Bob.Public).VarInt(300).Raw(new byte[32]);

    private static void Refuses(string why, WireWriter head, int tail = 0) => Refuses(why, head.ToArray(), tail);

    private static void Refuses(string why, byte[] head, int tail = 0) =>
        Assert.Contains(why, Assert.Throws<WireException>(() => CommitParts.Read(head, tail)).Message, StringComparison.Ordinal);

    private static WireWriter Seen(params CommitLink[] links)
    {
        var writer = Start().VarInt(links.Length);
        foreach (var link in links)
            writer.Id(link.Author).U64(link.Writer).U64((ulong)link.Number).Raw(link.Hash.ToArray());
        return writer.VarInt(0).VarInt(0);
    }

    private static WireWriter Objects(params (long Segment, byte Id, long Size)[] uses)
    {
        var writer = Start().VarInt(0).VarInt(uses.Length);
        foreach (var (segment, id, size) in uses)
            writer.VarInt(segment).Raw(new byte[15]).U8(id).VarInt(size);
        return writer;
    }

    private static void Put(WireWriter writer, string path, params (long Object, long Offset)[] pieces)
    {
        var record = new WireWriter().VarInt(0).Text(path).Raw(new byte[16]).SVarInt(0).Bytes([]).VarInt(0).VarInt(0).VarInt(pieces.Length == 0 ? 0 : 3);
        if (pieces.Length > 0)
            record.Raw(new byte[32]).U8(16);
        foreach (var (index, offset) in pieces)
            record.VarInt(index).VarInt(offset).Raw(new byte[32]);
        writer.VarInt(1).Bytes(record.Written);
    }

    [Fact]
    public void What_is_read_and_written_again_is_the_same_bytes()
    {
        var text = CommitParts.Text();
        var head = CommitParts.Read(text);
        Assert.Equal(text, CommitParts.Text(head));
        Assert.Equal(CommitParts.Head.Seen, head.Seen);
        Assert.Equal(CommitParts.Head.Objects, head.Objects);
        Assert.Equal(CommitParts.Head.Records.Count, head.Records.Count);
        Assert.Equal(9, Assert.IsType<UnknownRecord>(head.Records[9]).Bytes.Span[1]);
    }

    [Fact]
    public void A_head_without_anything_is_one()
    {
        Assert.Empty(Read(Plain).Records);
        Assert.True(Read(Plain).OnlyOwnAttributes);
    }

    [Fact]
    public void A_head_that_ends_too_early_or_too_late_is_refused()
    {
        var text = CommitParts.Text();
        for (var length = 0; length < text.Length; length++)
            Assert.Throws<WireException>(() => CommitParts.Read(text[..length]));
        Refuses("follow", [.. text, 0], CommitParts.Tail.Length);
    }

    [Fact]
    public void A_seen_list_ascends_by_its_bytes_and_has_numbers_from_1()
    {
        var links = CommitParts.Head.Seen.ToArray();
        Assert.Equal(links, CommitParts.Read(Seen(links).ToArray(), 0).Seen);
        Refuses("order", Seen(links[1], links[0]));
        Refuses("order", Seen(links[0], links[0]));
        Refuses("number", Seen(links[0] with { Number = 0 }));
        Refuses("number", Seen(links[0] with { Number = -1 }));
        Refuses("64", Seen([.. Enumerable.Range(1, 65).Select(number => links[0] with { Number = number })]));
        Assert.Equal(64, CommitParts.Read(Seen([.. Enumerable.Range(1, 64).Select(number => links[0] with { Number = number })]).ToArray(), 0).Seen.Count);
    }

    [Fact]
    public void Objects_ascend_lie_in_a_year_and_are_all_used()
    {
        WireWriter Used(WireWriter writer, params int[] objects)
        {
            writer.VarInt(objects.Length);
            foreach (var index in objects)
                Put(writer, "path", (index, 0));
            return writer;
        }
        Assert.Equal(2, CommitParts.Read(Used(Objects((1, 1, 19), (1, 2, 20)), 1, 2).ToArray(), 0).Objects.Count);
        Refuses("order", Used(Objects((1, 2, 19), (1, 1, 19)), 1, 2));
        Refuses("order", Used(Objects((1, 1, 19), (1, 1, 19)), 1, 2));
        Refuses("order", Used(Objects((2, 1, 19), (1, 2, 19)), 1, 2));
        Refuses("no record uses", Used(Objects((1, 1, 19), (1, 2, 19)), 1));
        Refuses("no record uses", Used(Objects((1, 1, 19), (1, 2, 19)), 2, 2));
        Refuses("segment", Used(Objects((ObjectName.MaxSegment + 1, 1, 19)), 1));
        Refuses("beyond the end", Used(Objects((1, 1, 18)), 1));
        Refuses("does not list", Used(Objects((1, 1, 19)), 2));
        Refuses("does not list", Used(Objects(), 1));
    }

    [Fact]
    public void The_pieces_in_the_tail_fill_it_from_end_to_end()
    {
        WireWriter Tail(params long[] offsets)
        {
            var writer = Objects().VarInt(offsets.Length);
            foreach (var offset in offsets)
                Put(writer, "path", (0, offset));
            return writer;
        }
        Assert.Equal(2, CommitParts.Read(Tail(0, 19).ToArray(), 38).Records.Count);
        Refuses("fill", Tail(19, 0), 38);
        Refuses("fill", Tail(0, 0), 38);
        Refuses("fill", Tail(0, 20), 39);
        Refuses("fill", Tail(1), 20);
        Refuses("fill", Tail(0, 19), 37);
        Refuses("no record uses", Tail(0, 19), 39);
        Refuses("no record uses", Tail(), 1);
        Refuses("fill", Tail(0), 0);
    }

    [Fact]
    public void Counts_that_the_bytes_cannot_hold_are_refused_before_room_is_made()
    {
        Refuses("cannot hold", Start().VarInt(64).Raw(new byte[100]));
        Refuses("cannot hold", Start().VarInt(0).VarInt(int.MaxValue).Raw(new byte[100]));
        Refuses("cannot hold", Start().VarInt(0).VarInt(0).VarInt(int.MaxValue).Raw(new byte[100]));
        Refuses("at most", Start().VarInt(0).VarInt(0).VarInt(long.MaxValue).Raw(new byte[100]));
    }

    [Fact]
    public void Numbers_that_are_not_minimal_are_refused()
    {
        var text = Start().VarInt(0).VarInt(0).VarInt(0).ToArray();
        Assert.Empty(CommitParts.Read(text, 0).Records);
        for (var at = text.Length - 3; at < text.Length; at++)
            Refuses("shortest", [.. text[..at], 0x80, 0, .. text[(at + 1)..]]);
    }
}
