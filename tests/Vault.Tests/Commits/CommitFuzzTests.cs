using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Commits;

/// <summary>Whatever the bytes: a commit, or a refusal, and no more memory than the bytes are worth.</summary>
public class CommitFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Random_headers_are_refused_or_written_as_they_were_read()
    {
        var random = new Random(1);
        var good = (CommitParts.Header with { HeadLength = 100, TailLength = 7 }).ToArray();
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = good.ToArray();
            random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
            Mutate(random, bytes);
            try
            {
                Assert.Equal(bytes, CommitHeader.Parse(bytes).ToArray());
            }
            catch (WireException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Mutated_heads_are_refused_or_written_as_they_were_read()
    {
        var random = new Random(2);
        var good = CommitParts.Text();
        var ids = new PublicIdCache();
        CommitParts.Read(good, ids: ids);
        var read = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = good.ToList();
            for (var changes = 1 + random.Next(3); changes > 0; changes--)
            {
                // Ids stand in front and are validated at length: most changes are made behind them.
                var at = Math.Min(bytes.Count - 1, random.Next(4) == 0 ? random.Next(bytes.Count) : 450 + random.Next(bytes.Count));
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes[at] = (byte)(random.Next(2) * 0x7f);
                        break;
                    case 2:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    case 3:
                        bytes.RemoveAt(at);
                        break;
                    default:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(30)));
                        bytes.Add(0);
                        break;
                }
            }
            try
            {
                var head = CommitParts.Read([.. bytes], ids: ids);
                Assert.Equal(bytes, CommitParts.Text(head));
                read++;
            }
            catch (WireException)
            {
                // Refused.
            }
        }
        Assert.True(read > Rounds / 100, $"{read} were read");
    }

    [Fact]
    public void Random_bytes_behind_an_author_are_refused_without_much_memory()
    {
        var random = new Random(3);
        var ids = new PublicIdCache();
        CommitParts.Read(CommitParts.Text(), ids: ids);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var given = 0L;
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            CommitParts.Head.Author.Bytes[..Math.Min(65, bytes.Length)].CopyTo(bytes);
            given += bytes.Length;
            if (bytes.Length > 100)
                bytes[98] = 0;
            Assert.Throws<WireException>(() => CommitParts.Read(bytes, ids: ids));
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < given * 100, "too much memory for what was given");
    }

    private static void Mutate(Random random, byte[] bytes)
    {
        "coffercm\0\u0001"u8[..Math.Min(10, random.Next(40))].CopyTo(bytes);
        if (random.Next(2) == 0)
            bytes.AsSpan(10 + (8 * random.Next(9)), 8).Clear();
    }
}
