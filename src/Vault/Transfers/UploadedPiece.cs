using System.Buffers.Binary;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Transfers;

/// <summary>A piece of which the upload has begun: what it is called on the store, and the root of what was sealed for it.</summary>
/// <param name="Index">Its place in the body.</param>
/// <param name="Name">Its object.</param>
/// <param name="Root">Its root: another content would have another.</param>
internal readonly record struct UploadedPiece(int Index, ObjectName Name, Digest Root)
{
    /// <summary>Its bytes in a journal.</summary>
    public const int Size = 4 + 8 + 16 + Digest.Size;

    /// <summary>Reads it.</summary>
    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    public static UploadedPiece Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32BigEndian(bytes),
        new ObjectName(BinaryPrimitives.ReadInt64BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt128BigEndian(bytes[12..])),
        new Digest(bytes[28..]));

    /// <summary>Writes it.</summary>
    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, Index);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], Name.Segment);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[12..], Name.Id);
        Root.CopyTo(bytes[28..]);
    }
}
