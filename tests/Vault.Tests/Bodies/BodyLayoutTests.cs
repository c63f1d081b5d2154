using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public class BodyLayoutTests
{
    private const long KiB = 1 << 10;
    private const long MiB = 1 << 20;

    public static TheoryData<long> Lengths()
    {
        long[] borders = [64 * KiB, MiB, 16 * MiB, 32 * MiB, 64 * MiB, 80 * MiB, 1 << 30, 1L << 40];
        var lengths = borders.SelectMany(border => new[] { border - 1, border, border + 1 });
        return [1, 2, .. lengths, BodyLayout.MaxLength];
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(64 * MiB, 16)]
    [InlineData(64 * MiB + 1, 20)]
    [InlineData(1L << 40, 20)]
    public void Chunks_are_large_above_64_MiB(long length, int chunkLog2) => Assert.Equal(chunkLog2, BodyLayout.OfKnownLength(length).ChunkLog2);

    [Theory]
    [InlineData(-1, 16)]
    [InlineData(-1, 20)]
    [InlineData(1, 15)]
    [InlineData(1, 17)]
    [InlineData(1, 0)]
    [InlineData(64 * MiB + 1, 16)]
    [InlineData(BodyLayout.MaxLength + 1, 20)]
    [InlineData(long.MaxValue, 20)]
    public void What_is_no_body_has_no_layout(long length, int chunkLog2)
    {
        Assert.False(BodyLayout.IsValid(length, chunkLog2));
        Assert.Throws<ArgumentException>(() => new BodyLayout(length, chunkLog2));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Pieces_and_chunks_fill_the_body_without_a_gap(long length)
    {
        foreach (var chunkLog2 in new[] { 16, 20 })
        {
            if (!BodyLayout.IsValid(length, chunkLog2))
                continue;
            var layout = new BodyLayout(length, chunkLog2);
            var last = layout.Piece(layout.PieceCount - 1);
            Assert.True(last.IsLast);
            Assert.Equal(length, last.Start + last.Length);
            Assert.InRange(last.Length, 1, PieceLayout.PieceSize);
            if (layout.PieceCount > 1)
            {
                var before = layout.Piece(layout.PieceCount - 2);
                Assert.False(before.IsLast);
                Assert.Equal(PieceLayout.PieceSize, before.Length);
                Assert.Equal(last.Start, before.Start + before.Length);
                Assert.Equal(last.ChunkNumber(0), before.ChunkNumber(before.ChunkCount - 1) + 1);
                CheckPiece(before);
            }
            CheckPiece(last);
            Assert.Equal((length + (1L << chunkLog2) - 1) >> chunkLog2, last.ChunkNumber(last.ChunkCount - 1) + 1);
        }
    }

    private static void CheckPiece(PieceLayout piece)
    {
        Assert.Equal(piece.ChunkCount == 1 ? 0 : piece.ChunkCount * 32, piece.LeavesLength);
        var position = piece.LeavesLength;
        var plaintext = 0;
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
        {
            Assert.Equal(position, piece.ChunkOffset(chunk));
            Assert.InRange(piece.ChunkLength(chunk), 1, piece.ChunkSize);
            Assert.Equal(piece.IsLast && chunk == piece.ChunkCount - 1, piece.EndsBody(chunk));
            position += piece.SealedChunkLength(chunk);
            plaintext += piece.ChunkLength(chunk);
        }
        Assert.Equal(piece.Length, plaintext);
        Assert.Equal(piece.SealedLength, position);
        Assert.InRange(piece.SealedLength, 17, PieceLayout.MaxSealedLength);
    }

    [Fact]
    public void An_empty_body_has_no_piece() => Assert.Equal(0, BodyLayout.OfKnownLength(0).PieceCount);

    [Fact]
    public void A_piece_that_is_not_the_last_is_full() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceLayout(0, PieceLayout.PieceSize - 1, 16, isLast: false));

    [Fact]
    public void A_descriptor_has_as_many_pieces_as_its_length_says()
    {
        Assert.Throws<ArgumentException>(() => new BodyDescriptor(new byte[32], BodyLayout.OfKnownLength(1), []));
        Assert.Throws<ArgumentException>(() => new BodyDescriptor(new byte[31], BodyLayout.OfKnownLength(1), [default]));
        Assert.Throws<ArgumentException>(() => new BodyDescriptor(new byte[32], BodyLayout.OfKnownLength(0), []));
    }

    [Fact]
    public void An_object_is_named_by_its_segment_and_its_id()
    {
        Assert.Equal("data/20261122000000/0000000000000000000000000v", new ObjectName(1_795_305_600, 31).ToString());
        Assert.Equal("data/99991231235959/7vvvvvvvvvvvvvvvvvvvvvvvvv", new ObjectName(ObjectName.MaxSegment, UInt128.MaxValue).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ObjectName(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ObjectName(ObjectName.MaxSegment + 1, 0));
    }

    [Fact]
    public void The_length_of_a_piece_follows_from_its_size_on_the_store()
    {
        foreach (var log2 in (int[])[PieceLayout.SmallChunkLog2, PieceLayout.LargeChunkLog2])
        {
            var chunk = 1 << log2;
            var lengths = new SortedSet<int> { PieceLayout.PieceSize };
            for (var full = 0; full < PieceLayout.PieceSize; full += chunk)
                lengths.UnionWith([full + 1, full + 2, full + 48, full + 49, full + chunk - 1, full + chunk]);
            var sizes = new HashSet<long>();
            foreach (var length in lengths)
            {
                var size = new PieceLayout(0, length, log2, isLast: true).SealedLength;
                Assert.Equal(length, PieceLayout.LengthOf(size, log2));
                sizes.Add(size);
            }
            // Around the ends of chunks there are sizes that no piece has.
            for (var size = 0L; size < 4 * (chunk + 48); size++)
            {
                if (PieceLayout.LengthOf(size, log2) is { } length)
                    Assert.Equal(size, new PieceLayout(0, length, log2, isLast: true).SealedLength);
            }
            Assert.Null(PieceLayout.LengthOf(16, log2));
            Assert.Null(PieceLayout.LengthOf(chunk + 17, log2));
            Assert.Null(PieceLayout.LengthOf(chunk + 96, log2));
            Assert.Null(PieceLayout.LengthOf(sizes.Max() + 1, log2));
            Assert.Null(PieceLayout.LengthOf(long.MaxValue - (chunk * 2), log2));
            Assert.Null(PieceLayout.LengthOf(long.MaxValue, log2));
        }
    }
}
