using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Index;

/// <summary>A body's key and pieces as the index keeps them, before they are sealed under the local key.</summary>
internal static class BodyColumn
{
    public static byte[] Write(BodyDescriptor body)
    {
        var writer = new WireWriter();
        writer.Raw(body.Key);
        writer.U8((byte)body.ChunkLog2);
        writer.VarInt(body.Length);
        Span<byte> id = stackalloc byte[16];
        foreach (var piece in body.Pieces)
        {
            writer.Flag(piece.Object is not null);
            if (piece.Object is { } name)
            {
                writer.VarInt(name.Segment);
                BinaryPrimitives.WriteUInt128BigEndian(id, name.Id);
                writer.Raw(id);
            }
            writer.VarInt(piece.Offset);
            writer.Raw(piece.Root.ToArray());
        }
        return writer.ToArray();
    }

    public static BodyDescriptor Read(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        var key = reader.Raw(BodyDescriptor.KeySize).ToArray();
        var chunkLog2 = reader.U8();
        var length = reader.VarInt();
        var layout = new BodyLayout(length, chunkLog2);
        var pieces = new PiecePlace[layout.PieceCount];
        for (var i = 0; i < pieces.Length; i++)
        {
            ObjectName? name = reader.Flag() ? new ObjectName(reader.VarInt(), BinaryPrimitives.ReadUInt128BigEndian(reader.Raw(16))) : null;
            pieces[i] = new PiecePlace(name, reader.VarInt(), new Digest(reader.Raw(Digest.Size)));
        }
        CryptographicOperations.ZeroMemory(bytes);
        return new BodyDescriptor(key, layout, pieces);
    }
}
