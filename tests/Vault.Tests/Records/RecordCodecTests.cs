using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Commits;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Records;

public class RecordCodecTests
{
    private static readonly ObjectUse Object = new(CommitParts.First, 1_000);

    private static Vaults.Records.Record Read(WireWriter bytes, PrivateId? author = null)
    {
        var reader = new WireReader(bytes.Written);
        var record = RecordCodec.Read(ref reader, new ObjectTable([Object], 0), (author ?? People.Bob).Public, new PublicIdCache());
        reader.End();
        return record;
    }

    private static void Refuses(string why, WireWriter bytes) => Assert.Contains(why, Assert.Throws<WireException>(() => Read(bytes)).Message, StringComparison.Ordinal);

    private static WireWriter Of(long kind, WireWriter payload) => new WireWriter().VarInt(kind).Bytes(payload.Written);

    private static WireWriter File(string path = "path", long space = 0) => new WireWriter().VarInt(space).Text(path).Raw(new byte[16]);

    private static WireWriter Put(
        string path = "path", long space = 0, byte[]? attributes = null, long contentEnd = 0, long recordEnd = 0, Action<WireWriter>? body = null)
    {
        var payload = File(path, space).SVarInt(0).Bytes(attributes ?? []).VarInt(contentEnd).VarInt(recordEnd);
        if (body is null)
            payload.VarInt(0);
        else
            body(payload);
        return Of(1, payload);
    }

    private static WireWriter Delete(string path = "path", long space = 0, long recordEnd = 0) => Of(2, File(path, space).VarInt(recordEnd));

    private static Action<WireWriter> Body(long length, int chunk, params (long Object, long Offset)[] pieces) => payload =>
    {
        payload.VarInt(length).Raw(new byte[32]).U8((byte)chunk);
        foreach (var (index, offset) in pieces)
            payload.VarInt(index).VarInt(offset).Raw(new byte[32]);
    };

    [Fact]
    public void A_record_end_is_never_before_its_content_end()
    {
        Assert.Equal((5, 0), Read(Put(contentEnd: 5)) is PutRecord a ? (a.ContentEnd, a.RecordEnd) : default);
        Assert.Equal((5, 5), Read(Put(contentEnd: 5, recordEnd: 5)) is PutRecord b ? (b.ContentEnd, b.RecordEnd) : default);
        Refuses("ends before", Put(contentEnd: 5, recordEnd: 4));
        Refuses("ends before", Put(recordEnd: 5));
    }

    [Fact]
    public void Paths_and_attributes_have_their_limits()
    {
        Assert.IsType<PutRecord>(Read(Put(new string('a', 1_024), attributes: new byte[64 << 10])));
        Refuses("at most 1024", Put(new string('a', 1_025)));
        Refuses("at most 1024", Delete(new string('a', 1_025)));
        Refuses("at most 65536", Put(attributes: new byte[(64 << 10) + 1]));
        foreach (var path in (string[])["", "/a", "a/", "a//b", ".", "..", "a/../b", "a\0b"])
        {
            Refuses("path", Put(path));
            Refuses("path", Delete(path));
        }
        foreach (var path in (string[])["...", "a\\b", "a\u0001b", "\ud83d\ude00", "con", "a b", "\ufffe"])
            Assert.Equal(path, Assert.IsAssignableFrom<FileRecord>(Read(Put(path))).Path);
    }

    [Fact]
    public void A_path_that_is_no_utf_8_is_refused()
    {
        foreach (var bytes in (byte[][])[[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]])
            Refuses("UTF-8", Of(2, new WireWriter().VarInt(0).Bytes(bytes).Raw(new byte[16]).VarInt(0)));
    }

    [Fact]
    public void Attributes_of_a_member_are_its_own_and_have_neither_body_nor_end()
    {
        var own = $"{People.Bob.Public}/name";
        Assert.IsType<PutRecord>(Read(Put(own, Spaces.Members, [1])));
        Assert.IsType<DeleteRecord>(Read(Delete(own, Spaces.Members)));
        Assert.IsType<PutRecord>(Read(Put($"{own}/deeper", Spaces.Members)));
        foreach (var other in (string[])[$"{People.Carol.Public}/name", $"{People.Bob.Public}", "name", $"{People.Bob.Public}x/name"])
        {
            Refuses("somebody else", Put(other, Spaces.Members));
            Refuses("somebody else", Delete(other, Spaces.Members));
        }
        Refuses("body or an end", Put(own, Spaces.Members, contentEnd: 5));
        Refuses("body or an end", Put(own, Spaces.Members, contentEnd: 5, recordEnd: 5));
        Refuses("body or an end", Put(own, Spaces.Members, body: Body(3, 16, (1, 0))));
        Refuses("an end", Delete(own, Spaces.Members, recordEnd: 5));
    }

    [Fact]
    public void Bodies_have_the_chunks_that_their_length_has()
    {
        Assert.IsType<PutRecord>(Read(Put(body: Body(3, 16, (1, 0)))));
        Assert.IsType<PutRecord>(Read(Put(body: Body(3, 20, (1, 981)))));
        Refuses("chunks", Put(body: Body(3, 17, (1, 0))));
        Refuses("chunks", Put(body: Body(3, 0, (1, 0))));
        Refuses("chunks", Put(body: Body((64L << 20) + 1, 16)));
        Refuses("chunks", Put(body: Body(long.MaxValue, 20)));
        Refuses("more pieces", Put(body: Body((16L << 20) * int.MaxValue, 20)));
        Refuses("beyond the end", Put(body: Body(3, 16, (1, 982))));
        Refuses("beyond the end", Put(body: Body(3, 16, (1, long.MaxValue))));
        Refuses("does not list", Put(body: Body(3, 16, (2, 0))));
        Refuses("does not list", Put(body: Body(3, 16, (long.MaxValue, 0))));
        Refuses("fill", Put(body: Body(3, 16, (0, 0))));
        Refuses("follow", Put(body: Body(3, 16, (1, 0), (1, 0))));
    }

    [Fact]
    public void Kind_0_is_refused_and_kinds_and_spaces_that_are_not_known_are_kept()
    {
        Refuses("kind 0", Of(0, new WireWriter()));
        var unknown = Assert.IsType<UnknownRecord>(Read(Of(4, new WireWriter().U8(7))));
        Assert.Equal(4, unknown.Kind);
        Assert.Equal([7], unknown.Bytes.ToArray());
        Assert.Equal(long.MaxValue, Assert.IsType<PutRecord>(Read(Put(space: long.MaxValue))).Space);
        Assert.Equal(2, Assert.IsType<DeleteRecord>(Read(Delete(space: 2))).Space);
    }

    [Fact]
    public void Nothing_may_follow_in_a_record()
    {
        Refuses("follow", Put(body: payload => payload.VarInt(0).U8(0)));
        Refuses("follow", Of(2, File().VarInt(0).U8(0)));
        Refuses("too early", Of(2, File()));
    }
}
