using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults.Records;

/// <summary>The bytes of records (format, section 7).</summary>
internal static class RecordCodec
{
    /// <summary>The most bytes of a file's attributes.</summary>
    public const int MaxAttributes = 64 << 10;

    private const long PutKind = 1;
    private const long DeleteKind = 2;
    private const long SealedKind = 3;

    public static void Write(WireWriter writer, Record record, ObjectTable objects)
    {
        var payload = new WireWriter();
        switch (record)
        {
            case PutRecord put:
                WriteFile(payload, put);
                payload.SVarInt(put.Modified);
                payload.Bytes(put.Attributes.Span);
                payload.VarInt(put.ContentEnd);
                payload.VarInt(put.RecordEnd);
                WriteBody(payload, put.Body, objects);
                writer.VarInt(PutKind);
                break;
            case DeleteRecord delete:
                WriteFile(payload, delete);
                payload.VarInt(delete.RecordEnd);
                writer.VarInt(DeleteKind);
                break;
            case SealedRecord @sealed:
                SealedRecordCodec.Write(payload, @sealed, objects);
                writer.VarInt(SealedKind);
                break;
            case UnknownRecord unknown:
                payload.Raw(unknown.Bytes.Span);
                writer.VarInt(unknown.Kind);
                break;
            default:
                throw new InvalidOperationException($"No encoding is known for {record.GetType().Name}.");
        }
        writer.Bytes(payload.Written);
    }

    private static void WriteFile(WireWriter payload, FileRecord record)
    {
        payload.VarInt(record.Space);
        payload.Text(record.Path);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, record.Id);
        payload.Raw(id);
    }

    private static void WriteBody(WireWriter payload, BodyDescriptor body, ObjectTable objects)
    {
        payload.VarInt(body.Length);
        if (body.Length == 0)
            return;
        payload.Raw(body.Key);
        payload.U8((byte)body.ChunkLog2);
        for (var i = 0; i < body.Pieces.Count; i++)
        {
            var piece = body.Pieces[i];
            var index = objects.IndexOf(piece.Object);
            objects.Use(index, piece.Offset, body.Layout.Piece(i).SealedLength);
            payload.VarInt(index);
            payload.VarInt(piece.Offset);
            payload.Raw(piece.Root.ToArray());
        }
    }

    /// <exception cref="WireException">The record breaks a rule of its kind.</exception>
    public static Record Read(ref WireReader reader, ObjectTable objects, PublicId author, PublicIdCache ids)
    {
        var kind = reader.VarInt();
        var bytes = reader.Bytes(int.MaxValue);
        var payload = new WireReader(bytes);
        Record record;
        switch (kind)
        {
            case PutKind:
                record = ReadPut(ref payload, objects, author);
                break;
            case DeleteKind:
                record = ReadDelete(ref payload, author);
                break;
            case SealedKind:
                record = SealedRecordCodec.Read(ref payload, objects, ids);
                break;
            case 0:
                throw new WireException("a record has kind 0");
            default:
                return new UnknownRecord(kind, bytes.ToArray());
        }
        payload.End();
        return record;
    }

    private static PutRecord ReadPut(ref WireReader payload, ObjectTable objects, PublicId author)
    {
        var (space, path, id) = ReadFile(ref payload, author);
        var record = new PutRecord
        {
            Space = space,
            Path = path,
            Id = id,
            Modified = payload.SVarInt(),
            Attributes = payload.Bytes(MaxAttributes).ToArray(),
            ContentEnd = payload.VarInt(),
            RecordEnd = payload.VarInt(),
            Body = ReadBody(ref payload, objects),
        };
        if (record.RecordEnd != 0 && (record.ContentEnd == 0 || record.RecordEnd < record.ContentEnd))
            throw new WireException("a record ends before its content");
        if (space == Spaces.Members && (record.Body.Length > 0 || record.ContentEnd != 0 || record.RecordEnd != 0))
            throw new WireException("a member's attribute has a body or an end");
        return record;
    }

    private static DeleteRecord ReadDelete(ref WireReader payload, PublicId author)
    {
        var (space, path, id) = ReadFile(ref payload, author);
        var record = new DeleteRecord { Space = space, Path = path, Id = id, RecordEnd = payload.VarInt() };
        if (space == Spaces.Members && record.RecordEnd != 0)
            throw new WireException("the delete of a member's attribute has an end");
        return record;
    }

    private static (long Space, string Path, UInt128 Id) ReadFile(ref WireReader payload, PublicId author)
    {
        var space = payload.VarInt();
        var path = payload.Text(VaultPath.MaxBytes);
        if (VaultPath.Fault(path) is { } fault)
            throw new WireException($"a path in it is wrong: {fault}");
        if (space == Spaces.Members && !VaultPath.IsOwnAttribute(path, author))
            throw new WireException("it sets an attribute of somebody else");
        return (space, path, BinaryPrimitives.ReadUInt128BigEndian(payload.Raw(16)));
    }

    private static BodyDescriptor ReadBody(ref WireReader payload, ObjectTable objects)
    {
        var length = payload.VarInt();
        if (length == 0)
            return BodyDescriptor.Empty;
        var key = payload.Raw(BodyDescriptor.KeySize).ToArray();
        var chunkLog2 = payload.U8();
        if (!BodyLayout.IsValid(length, chunkLog2))
            throw new WireException("a body has chunks of a size that its length does not have");
        var layout = new BodyLayout(length, chunkLog2);
        if (layout.PieceCount > payload.Remaining / (2 + Digest.Size))
            throw new WireException("a body has more pieces than its record has bytes for");
        var pieces = new PiecePlace[layout.PieceCount];
        for (var i = 0; i < pieces.Length; i++)
        {
            var index = payload.VarInt();
            var offset = payload.VarInt();
            pieces[i] = new PiecePlace(objects.Use(index, offset, layout.Piece(i).SealedLength), offset, new Digest(payload.Raw(Digest.Size)));
        }
        return new BodyDescriptor(key, layout, pieces);
    }
}
