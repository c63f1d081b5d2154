using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Commits;

public class CommitSealTests
{
    [Fact]
    public void A_commit_is_opened_as_it_was_sealed_and_sealed_again_is_the_same_bytes()
    {
        var made = CommitParts.Seal();
        var opened = CommitParts.Open(made.Bytes)!;
        Assert.Equal(made.Commit.Hash, opened.Hash);
        Assert.Equal(made.Commit.Header.ToArray(), opened.Header.ToArray());
        Assert.Equal(CommitParts.Text(), CommitParts.Text(opened.Head));
        Assert.Equal(made.Bytes, CommitParts.Seal(opened.Head, opened.Header).Bytes);
        Assert.Equal(made.Bytes, CommitParts.SealRaw(CommitParts.Text()));
    }

    [Fact]
    public void The_tail_is_not_part_of_the_hash()
    {
        var made = CommitParts.Seal();
        var header = made.Bytes.AsSpan(0, CommitHeader.Size);
        Assert.Equal(made.Commit.Hash, CommitSeal.HashOf(header, made.Bytes.AsSpan(CommitHeader.Size, made.Commit.Header.HeadLength)));
    }

    [Fact]
    public void No_flipped_bit_of_header_or_head_is_ever_accepted()
    {
        var bytes = CommitParts.Seal().Bytes;
        for (var at = 0; at < bytes.Length - CommitParts.Tail.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[at] ^= (byte)(1 << bit);
                Assert.Null(OpenOrRefuse(bytes));
                bytes[at] ^= (byte)(1 << bit);
            }
        }
        Assert.NotNull(CommitParts.Open(bytes));
    }

    private static Commit? OpenOrRefuse(byte[] bytes)
    {
        try
        {
            return CommitParts.Open(bytes);
        }
        catch (WireException)
        {
            return null;
        }
    }

    [Fact]
    public void It_opens_in_no_other_vault_and_under_no_other_key()
    {
        var bytes = CommitParts.Seal().Bytes;
        Assert.Null(CommitParts.Open(bytes, vault: Digest.Of("another"u8)));
        Assert.Null(CommitParts.Open(bytes, epochKey: new byte[32]));
    }

    [Fact]
    public void A_signature_of_somebody_else_or_for_another_vault_is_refused()
    {
        Assert.Contains("signature", Assert.Throws<WireException>(() => CommitParts.Open(CommitParts.SealRaw(CommitParts.Text(), author: People.Carol))).Message, StringComparison.Ordinal);
        var elsewhere = CommitParts.SealRaw(CommitParts.Text(), vault: Digest.Zero);
        Assert.NotNull(CommitParts.Open(elsewhere, vault: Digest.Zero));
        Assert.Null(CommitParts.Open(elsewhere));
    }

    [Fact]
    public void Nothing_may_follow_the_signature()
    {
        Assert.Throws<WireException>(() => CommitParts.Open(CommitParts.SealRaw(CommitParts.Text(), behind: [0])));
        Assert.Throws<WireException>(() => CommitParts.Open(CommitParts.SealRaw(CommitParts.Text()[..^1])));
    }

    [Fact]
    public void The_header_states_the_latest_end_of_the_records_and_no_other()
    {
        var records = new Vaults.Records.Record[]
        {
            CommitParts.Put("a", 1, 0) with { ContentEnd = 5, RecordEnd = 7 },
            new DeleteRecord { Space = 0, Path = "b", Id = 2, RecordEnd = 9 },
            CommitParts.Put("c", 3, 0) with { ContentEnd = 8, RecordEnd = 8 },
        };
        Assert.Equal(9, CommitSeal.EndOf(records));
        Assert.Equal(0, CommitSeal.EndOf([]));
        Assert.Equal(0, CommitSeal.EndOf([.. records, CommitParts.Put("d", 4, 0) with { ContentEnd = 5 }]));
        Assert.Equal(0, CommitSeal.EndOf([.. records, new UnknownRecord(9, Array.Empty<byte>())]));
        var text = CommitHeadCodec.Write(CommitParts.Head with { Records = records, Objects = [] }, 0);
        Assert.NotNull(CommitParts.Open(CommitParts.SealRaw(text, ends: 9, tail: [])));
        foreach (var wrong in (long[])[0, 8, 10])
            Assert.Contains("end", Assert.Throws<WireException>(() => CommitParts.Open(CommitParts.SealRaw(text, ends: wrong, tail: []))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_is_shorter_than_a_tag_does_not_open()
    {
        var header = CommitParts.Header with { HeadLength = 15 };
        Assert.Null(CommitParts.Open([.. header.ToArray(), .. new byte[15]]));
        Assert.Null(CommitParts.Open((CommitParts.Header with { HeadLength = 0 }).ToArray()));
    }

    [Fact]
    public void Equal_commits_under_other_salts_share_no_bytes_of_their_heads()
    {
        var left = CommitParts.Seal();
        var right = CommitParts.Seal(header: CommitParts.Header with { Salt = new byte[32] });
        Assert.NotEqual(left.Bytes[CommitHeader.Size..(CommitHeader.Size + 16)], right.Bytes[CommitHeader.Size..(CommitHeader.Size + 16)]);
        Assert.NotEqual(left.Commit.Hash, right.Commit.Hash);
    }
}
