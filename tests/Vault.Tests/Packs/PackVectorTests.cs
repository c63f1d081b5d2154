using System.Globalization;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Packs;
using Xunit;

namespace Coffer.Vaults.Tests.Packs;

/// <summary>The vectors were written by another implementation, from docs/format.md alone: Vectors/packs.py.</summary>
public class PackVectorTests
{
    private static readonly VectorFile File = VectorFile.Read("packs");

    [Fact]
    public void Good_packs_are_read_and_written_as_they_are()
    {
        Assert.Equal(3, File.Good.Count);
        foreach (var vector in File.Good)
        {
            var bytes = vector.Bytes("bytes");
            var name = PackName.TryParse(vector.Text("pack"))!.Value;
            vector.Equal(vector.Text("pack"), name.ToString());

            var entries = PackCodec.Read(name, bytes, bytes.Length);

            vector.Equal(
                string.Join('\n', vector.Json.GetProperty("commits").EnumerateArray().Select(commit => string.Join(' ',
                    commit.GetProperty("writer").GetString(), commit.GetProperty("number").GetInt64(), commit.GetProperty("hash").GetString(), commit.GetProperty("form").GetInt32(),
                    commit.GetProperty("tail").GetString()))),
                string.Join('\n', entries.Select(static entry => string.Create(CultureInfo.InvariantCulture,
                    $"{entry.Header.Writer} {entry.Header.Number} {entry.Hash} {(int)entry.Form} {Convert.ToHexStringLower(entry.Tail.Span)}"))));
            var (again, written) = PackCodec.Write(entries);
            vector.EqualBytes(bytes, written);
            vector.Equal(name, again);
            foreach (var entry in entries.Where(static entry => entry.Form == PackForm.WithTail))
                vector.EqualBytes(entry.Tail.Span, bytes.AsSpan((int)entry.TailOffset, entry.Tail.Length));
            var heads = PackCodec.ReadPreface(bytes.AsSpan(0, PackCodec.PrefaceSize), bytes.Length);
            vector.Equal(entries.Count, PackCodec.Read(name, bytes.AsMemory(0, heads), bytes.Length).Count);
        }
    }

    [Fact]
    public void Bad_packs_are_refused()
    {
        Assert.Equal(21, File.Bad.Count);
        foreach (var vector in File.Bad)
        {
            var bytes = vector.Bytes("bytes");
            var name = PackName.TryParse(vector.Text("pack"))!.Value;
            vector.Equal("Format", Failure(name, bytes));
        }
    }

    [Fact]
    public void Whatever_the_bytes_they_are_refused_or_written_as_they_were_read()
    {
        var random = new Random(3);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var vector = File.Good[random.Next(File.Good.Count)];
            var bytes = vector.Bytes("bytes");
            for (var changes = random.Next(3); changes >= 0; changes--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var name = PackName.TryParse(vector.Text("pack"))!.Value;
            try
            {
                var entries = PackCodec.Read(name, bytes, bytes.Length);
                Assert.Equal(bytes, PackCodec.Write(entries).Bytes);
                read++;
            }
            catch (WireException)
            {
                // Refused.
            }
        }
        Assert.InRange(read, 100, 19_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000-0000000000000")]
    public void What_is_no_name_of_a_pack_is_none(string text)
    {
        Assert.Null(PackName.TryParse(text));
        var good = File.Good[0].Text("pack");
        Assert.Null(PackName.TryParse(good + "0"));
        Assert.Null(PackName.TryParse(good.Replace('-', '_')));
        Assert.Null(PackName.TryParse(good[..^1] + 'w'));
        Assert.Null(PackName.TryParse(good[..28] + '2' + good[29..]));
        Assert.Null(PackName.TryParse(string.Concat("000000000001-", good.AsSpan(0, 14), good.AsSpan(28))));
    }

    private static string Failure(PackName name, byte[] bytes)
    {
        try
        {
            PackCodec.Read(name, bytes, bytes.Length);
            return "";
        }
        catch (WireException)
        {
            return "Format";
        }
    }
}
