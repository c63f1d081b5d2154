using System.Buffers.Binary;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Commits;

public class CommitHeaderTests
{
    private static readonly byte[] Bytes = (CommitParts.Header with { HeadLength = 100, TailLength = 7 }).ToArray();

    private static byte[] With(int at, ulong value, int size = 8)
    {
        var bytes = Bytes.ToArray();
        var field = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(field, value);
        field.AsSpan(8 - size).CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static void Refuses(string why, byte[] bytes) => Assert.Contains(why, Assert.Throws<WireException>(() => CommitHeader.Parse(bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_read_and_written_again_is_the_same_bytes()
    {
        var header = CommitHeader.Parse(Bytes);
        Assert.Equal(Bytes, header.ToArray());
        Assert.Equal((0xfedc_ba98_7654_3210, 5, 2, 100, 7), (header.Writer, header.Number, header.Epoch, header.HeadLength, header.TailLength));
        Assert.Equal((1_767_225_600_000, 3), (header.Clock.Milliseconds, header.Clock.Counter));
        Assert.Equal(CommitHeader.Size + 107, header.TotalLength);
    }

    [Fact]
    public void The_largest_numbers_are_read()
    {
        foreach (var at in (int[])[18, 26, 34, 74])
            Assert.Equal(With(at, long.MaxValue), CommitHeader.Parse(With(at, long.MaxValue)).ToArray());
        Assert.Equal(64 << 20, CommitHeader.Parse(With(82, 64 << 20, 4)).HeadLength);
        Assert.Equal(64 << 10, CommitHeader.Parse(With(86, 64 << 10, 4)).TailLength);
    }

    [Fact]
    public void Numbers_beyond_the_format_are_refused()
    {
        Refuses("number", With(18, 0));
        Refuses("number", With(18, 1UL << 63));
        Refuses("clock", With(26, 1UL << 63));
        Refuses("epoch", With(34, 0));
        Refuses("epoch", With(34, 1UL << 63));
        Refuses("end", With(74, 1UL << 63));
        Refuses("head", With(82, (64 << 20) + 1, 4));
        Refuses("head", With(82, uint.MaxValue, 4));
        Refuses("tail", With(86, (64 << 10) + 1, 4));
    }

    [Fact]
    public void Only_a_first_commit_has_no_predecessor()
    {
        Refuses("predecessor", With(18, 1));
        var first = With(18, 1);
        first.AsSpan(42, 32).Clear();
        Assert.Equal(1, CommitHeader.Parse(first).Number);
        var second = Bytes.ToArray();
        second.AsSpan(42, 32).Clear();
        Refuses("predecessor", second);
    }

    [Fact]
    public void What_is_no_commit_of_version_1_is_refused()
    {
        Refuses("no commit", With(0, 0));
        Refuses("version 2", With(8, 2, 2));
        Refuses("version 0", With(8, 0, 2));
        for (var length = 0; length < Bytes.Length; length++)
            Assert.Throws<WireException>(() => CommitHeader.Parse(Bytes.AsSpan(0, length)));
        Assert.Throws<WireException>(() => CommitHeader.Parse([.. Bytes, 0]));
    }
}
