using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>Whatever the store does to a body, a reader says so, and gives out nothing that was not verified.</summary>
public class BodyDamageTests
{
    private const int C = 1 << 16;

    [Fact]
    public async Task Every_bit_of_a_short_body_is_checked()
    {
        var (body, pieces, plaintext) = await WriteAsync(20);
        var bytes = pieces.Objects.Single().Value;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: 0);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(plaintext, await InMemory.ReadAsync(body, pieces));
    }

    [Fact]
    public async Task Every_field_of_a_piece_is_checked()
    {
        var (body, pieces, plaintext) = await WriteAsync(3 * C + 1000);
        var bytes = pieces.Objects.Single().Value;
        var piece = body.Layout.Piece(0);
        for (var position = 0; position < piece.LeavesLength; position++)
            await FlippedAsync(position, BodyDamage.Root, chunk: null, released: 0);
        for (var chunk = 0; chunk < piece.ChunkCount; chunk++)
        {
            var start = piece.ChunkOffset(chunk);
            var tag = start + piece.ChunkLength(chunk);
            foreach (var position in new[] { start, start + 500, tag - 1, tag, tag + 15 })
                await FlippedAsync(position, BodyDamage.Leaf, chunk, released: chunk * C);
        }

        async Task FlippedAsync(int position, BodyDamage damage, int? chunk, int released)
        {
            bytes[position] ^= 0x40;
            var error = await FailsAsync(body, pieces, plaintext, damage, released);
            Assert.Equal(chunk, error.Chunk);
            Assert.Equal(0, error.Piece);
            Assert.Equal("data/19700102000000/00000000000000000000000000", error.Object);
            Assert.Contains(error.Object, error.Message, StringComparison.Ordinal);
            bytes[position] ^= 0x40;
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(C)]
    [InlineData(3 * C + 1000)]
    public async Task An_object_that_was_cut_short_is_noticed(int length)
    {
        var (body, pieces, plaintext) = await WriteAsync(length);
        var (name, whole) = pieces.Objects.Single();
        foreach (var kept in new[] { 0, 1, 15, 16, 31, 32, 127, 128, whole.Length - C - 16, whole.Length - 17, whole.Length - 16, whole.Length - 1 })
        {
            if (kept < 0 || kept >= whole.Length)
                continue;
            pieces.Objects[name] = whole[..kept];
            await FailsAsync(body, pieces, plaintext, BodyDamage.Truncated, released: 0);
        }
    }

    [Fact]
    public async Task What_follows_behind_a_piece_is_of_no_consequence()
    {
        var (body, pieces, plaintext) = await WriteAsync(C + 1);
        var (name, whole) = pieces.Objects.Single();
        pieces.Objects[name] = [.. whole, 1, 2, 3];
        Assert.Equal(plaintext, await InMemory.ReadAsync(body, pieces));
    }

    [Fact]
    public async Task Chunks_in_another_order_are_noticed()
    {
        var (body, pieces, plaintext) = await WriteAsync(3 * C);
        var piece = body.Layout.Piece(0);
        var bytes = pieces.Objects.Single().Value;
        Swap(bytes, piece.ChunkOffset(0), piece.ChunkOffset(1), C + 16);
        await FailsAsync(body, pieces, plaintext, BodyDamage.Leaf, released: 0);
        Swap(bytes, 0, 32, 32);
        await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: 0);
    }

    [Fact]
    public async Task A_chunk_from_elsewhere_is_noticed()
    {
        var (body, pieces, plaintext) = await WriteAsync(3 * C);
        var (_, others, _) = await WriteAsync(3 * C, seed: 2);
        var piece = body.Layout.Piece(0);
        var bytes = pieces.Objects.Single().Value;
        others.Objects.Single().Value.AsSpan(piece.ChunkOffset(1), C + 16).CopyTo(bytes.AsSpan(piece.ChunkOffset(1)));
        await FailsAsync(body, pieces, plaintext, BodyDamage.Leaf, released: C);
        others.Objects.Single().Value.AsSpan(32, 32).CopyTo(bytes.AsSpan(32));
        await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: 0);
    }

    [Fact]
    public async Task A_body_spliced_from_two_under_one_key_is_noticed()
    {
        // The same key seals two bodies only in the hands of somebody who breaks the rules; the roots still tell them apart.
        var (body, pieces, plaintext) = await WriteAsync(3 * C);
        var other = plaintext.ToArray();
        other[2 * C] ^= 1;
        var forged = BodyWriter.SealSmall(other, body.Key);
        var piece = body.Layout.Piece(0);
        var bytes = pieces.Objects.Single().Value;
        forged.Bytes.AsSpan(piece.ChunkOffset(2)).CopyTo(bytes.AsSpan(piece.ChunkOffset(2)));
        await FailsAsync(body, pieces, plaintext, BodyDamage.Leaf, released: 2 * C);
    }

    [Fact]
    public async Task A_piece_forged_by_a_member_who_knows_the_key_is_noticed()
    {
        foreach (var length in new[] { 20, 3 * C })
        {
            var (body, pieces, plaintext) = await WriteAsync(length);
            var forged = BodyWriter.SealSmall(Plaintext.OfLength(length).Reverse().ToArray(), body.Key);
            pieces.Objects[pieces.Objects.Single().Key] = forged.Bytes;
            await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: 0);
        }
    }

    [Fact]
    public async Task Swapped_pieces_are_noticed()
    {
        var (body, pieces, plaintext) = await WriteAsync(2 * PieceLayout.PieceSize);
        var names = body.Pieces.Select(place => place.Object!.Value).ToArray();
        (pieces.Objects[names[0]], pieces.Objects[names[1]]) = (pieces.Objects[names[1]], pieces.Objects[names[0]]);
        await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: 0);

        // With their roots swapped as well, which only the author could sign, the place in the root tells.
        PiecePlace[] places = [body.Pieces[0] with { Root = body.Pieces[1].Root }, body.Pieces[1] with { Root = body.Pieces[0].Root }];
        await FailsAsync(new BodyDescriptor(body.Key.ToArray(), body.Layout, places), pieces, plaintext, BodyDamage.Root, released: 0);
    }

    [Fact]
    public async Task A_record_that_does_not_fit_its_piece_is_noticed()
    {
        var (body, pieces, plaintext) = await WriteAsync(3 * C);
        await FailsAsync(With(new BodyLayout(3 * C - 1, 16)), pieces, plaintext, BodyDamage.Root, released: 0);
        await FailsAsync(With(new BodyLayout(2 * C, 16)), pieces, plaintext, BodyDamage.Root, released: 0);
        await FailsAsync(With(new BodyLayout(3 * C, 20)), pieces, plaintext, BodyDamage.Root, released: 0);
        await FailsAsync(With(new BodyLayout(3 * C + 1, 16)), pieces, plaintext, BodyDamage.Root, released: 0, BodyDamage.Truncated);
        await FailsAsync(With(body.Layout, root: Digest.Zero), pieces, plaintext, BodyDamage.Root, released: 0);
        var key = body.Key.ToArray();
        key[0] ^= 1;
        await FailsAsync(With(body.Layout, key), pieces, plaintext, BodyDamage.Seal, released: 0);

        BodyDescriptor With(BodyLayout layout, byte[]? otherKey = null, Digest? root = null) =>
            new(otherKey ?? body.Key.ToArray(), layout, [body.Pieces[0] with { Root = root ?? body.Pieces[0].Root }]);
    }

    [Fact]
    public async Task A_piece_sealed_for_another_place_does_not_open_even_with_a_root_of_its_own()
    {
        var key = new byte[32];
        var full = Plaintext.OfLength(PieceLayout.PieceSize);
        var asFirst = new PieceLayout(0, full.Length, 16, isLast: false);
        var asOnly = new PieceLayout(0, full.Length, 16, isLast: true);
        var sealedPiece = new byte[asFirst.SealedLength];
        using var sealer = new PieceSealer(key);
        var root = sealer.Seal(asFirst, full, sealedPiece);

        // Body cut at a piece: the last chunk lacks the mark of the last, though an author signed root and length.
        var pieces = new MemoryPieces();
        var place = await pieces.PutAsync(0, sealedPiece, root, CancellationToken.None);
        var body = new BodyDescriptor(key, new BodyLayout(full.Length, 16), [place]);
        var error = await FailsAsync(body, pieces, full, BodyDamage.Seal, released: full.Length - C);
        Assert.Equal(255, error.Chunk);
        Assert.NotEqual(root, sealer.Seal(asOnly, full, sealedPiece));
    }

    [Fact]
    public async Task Pieces_before_a_damaged_one_are_given_and_none_behind()
    {
        var (body, pieces, plaintext) = await WriteAsync(PieceLayout.PieceSize + 100);
        pieces.Objects[body.Pieces[1].Object!.Value][3] ^= 1;
        var error = await FailsAsync(body, pieces, plaintext, BodyDamage.Root, released: PieceLayout.PieceSize, mayGiveOtherPieces: true);
        Assert.Equal(1, error.Piece);
    }

    [Fact]
    public void A_damaged_tail_is_named_so()
    {
        var place = new PiecePlace(null, 0, Digest.Zero);
        var error = PieceOpener.Damaged(BodyLayout.OfKnownLength(1).Piece(0), place, BodyDamage.Root);
        Assert.Equal("the tail of its commit", error.Object);
    }

    private static async Task<(BodyDescriptor Body, MemoryPieces Pieces, byte[] Plaintext)> WriteAsync(int length, int seed = 1)
    {
        var pieces = new MemoryPieces();
        var plaintext = Plaintext.OfLength(length);
        return (await InMemory.WriteAsync(pieces, plaintext, seed: seed), pieces, plaintext);
    }

    /// <summary>Reads by both ways; each must fail, the stream after exactly so many good bytes, and neither gives a byte that is not the author's.</summary>
    private static async Task<BodyDamagedException> FailsAsync(
        BodyDescriptor body, MemoryPieces pieces, byte[] plaintext, BodyDamage damage, int released, BodyDamage? otherDamage = null, bool mayGiveOtherPieces = false)
    {
        var got = new MemoryStream();
        await using var stream = InMemory.Reader(body, pieces).OpenRead();
        var error = await Assert.ThrowsAsync<BodyDamagedException>(() => stream.CopyToAsync(got));
        Assert.Contains(error.Damage, new[] { damage, otherDamage ?? damage });
        Assert.Equal(released, got.Length);
        Assert.True(got.ToArray().AsSpan().SequenceEqual(plaintext.AsSpan(0, released)));

        // A second try neither goes on behind the damage nor gives what is left in a buffer.
        await Assert.ThrowsAsync<BodyDamagedException>(async () => await stream.ReadExactlyAsync(new byte[10]));
        Assert.True(pieces.EveryReaderWasDisposed);

        var sink = new MemorySink(body.Length);
        var copied = await Assert.ThrowsAsync<BodyDamagedException>(async () => await InMemory.Reader(body, pieces).CopyToAsync(sink));
        Assert.Equal(error.Damage, copied.Damage);
        Assert.Equal(error.Piece, copied.Piece);
        Assert.True(mayGiveOtherPieces || !sink.IsWritten.AsSpan().Contains(true));
        for (var i = 0; i < sink.Bytes.Length; i++)
        {
            if (sink.IsWritten[i] ? sink.Bytes[i] != plaintext[i] : sink.Bytes[i] != 0)
                Assert.Fail($"Byte {i} was given out and is not the author's.");
        }
        Assert.True(pieces.EveryReaderWasDisposed);
        return error;
    }

    private static void Swap(byte[] bytes, int first, int second, int length)
    {
        var kept = bytes.AsSpan(first, length).ToArray();
        bytes.AsSpan(second, length).CopyTo(bytes.AsSpan(first));
        kept.CopyTo(bytes, second);
    }
}
