using System.Buffers.Binary;
using Coffer.Vaults.Encoding;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>How numbers whose order counts, and digests, stand in a database: big-endian bytes, because SQLite's integers are signed.</summary>
internal static class Blobs
{
    public static byte[] Of(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Of(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Bytes(this SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static ulong U64(this SqliteDataReader reader, int column) => BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes(column));

    public static UInt128 U128(this SqliteDataReader reader, int column) => BinaryPrimitives.ReadUInt128BigEndian(reader.Bytes(column));

    public static Digest Digest(this SqliteDataReader reader, int column) => new(reader.Bytes(column));

    public static PublicId PublicId(this SqliteDataReader reader, int column) => Vaults.PublicId.FromTrustedBytes(reader.Bytes(column));
}
