using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Records;

/// <summary>The bytes of sealed records (format, section 7, kind 3): all that a member can check without the key.</summary>
internal static class SealedRecordCodec
{
    private const int LeastPerPiece = 3 + Digest.Size;

    public static void Write(WireWriter payload, SealedRecord record, ObjectTable objects)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, record.Id);
        payload.Raw(id);
        payload.Id(record.Recipient);
        payload.VarInt(record.ContentEnd);
        payload.VarInt(record.RecordEnd);
        payload.VarInt(record.Pieces.Count);
        if (record.Pieces.Count > 0)
            payload.U8((byte)record.Layout.ChunkLog2);
        for (var i = 0; i < record.Pieces.Count; i++)
        {
            var piece = record.Pieces[i];
            var size = record.Layout.Piece(i).SealedLength;
            var index = objects.IndexOf(piece.Object);
            objects.Use(index, piece.Offset, size);
            payload.VarInt(index);
            payload.VarInt(piece.Offset);
            payload.VarInt(size);
            payload.Raw(piece.Root.ToArray());
        }
        payload.Raw(record.Parts.RecipientWrap);
        payload.Raw(record.Parts.AuthorWrap);
        payload.Bytes(record.Parts.Text);
    }

    public static SealedRecord Read(ref WireReader payload, ObjectTable objects, PublicIdCache ids)
    {
        var id = BinaryPrimitives.ReadUInt128BigEndian(payload.Raw(16));
        var recipient = payload.Id(ids);
        var contentEnd = payload.VarInt();
        var recordEnd = payload.VarInt();
        var (layout, pieces) = ReadPieces(ref payload, objects);
        // What never ends as content may be a delete, as long as it has no body: only who opens it knows.
        if (recordEnd != 0 && (contentEnd == 0 ? pieces.Count > 0 : recordEnd < contentEnd))
            throw new WireException("a record ends before its content");
        return new SealedRecord
        {
            Id = id,
            Recipient = recipient,
            ContentEnd = contentEnd,
            RecordEnd = recordEnd,
            Layout = layout,
            Pieces = pieces,
            Parts = new SealedParts(payload.Raw(KeyWrap.Size).ToArray(), payload.Raw(KeyWrap.Size).ToArray(), payload.Bytes(SealedText.MaxSealed).ToArray()),
        };
    }

    private static (BodyLayout Layout, IReadOnlyList<PiecePlace> Pieces) ReadPieces(ref WireReader payload, ObjectTable objects)
    {
        var pieces = new PiecePlace[payload.Count(LeastPerPiece, int.MaxValue)];
        if (pieces.Length == 0)
            return (BodyLayout.OfKnownLength(0), []);
        var chunkLog2 = payload.U8();
        var sizes = new long[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            var index = payload.VarInt();
            var offset = payload.VarInt();
            sizes[i] = payload.VarInt();
            pieces[i] = new PiecePlace(objects.Use(index, offset, sizes[i]), offset, new Digest(payload.Raw(Digest.Size)));
        }
        return (Layout(sizes, chunkLog2), pieces);
    }

    private static BodyLayout Layout(long[] sizes, int chunkLog2)
    {
        if (chunkLog2 is not (PieceLayout.SmallChunkLog2 or PieceLayout.LargeChunkLog2))
            throw new WireException("a body has chunks of a size that there is not");
        if (PieceLayout.LengthOf(sizes[^1], chunkLog2) is not { } last)
            throw new WireException("the last piece of a body has a size that no piece has");
        var length = ((long)(sizes.Length - 1) << PieceLayout.PieceLog2) + last;
        if (!BodyLayout.IsValid(length, chunkLog2))
            throw new WireException("a body has chunks of a size that its length does not have");
        var layout = new BodyLayout(length, chunkLog2);
        for (var i = 0; i < sizes.Length; i++)
        {
            if (layout.Piece(i).SealedLength != sizes[i])
                throw new WireException("a piece in the middle of a body is not full");
        }
        return layout;
    }
}
