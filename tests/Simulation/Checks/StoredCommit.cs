using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Simulation;

/// <summary>A commit on the store, loose or in a pack: its header, and the hash of its sealed head, which is all that is left of one in a stub (docs/format.md, section 8).</summary>
/// <param name="Name">The name of its object, which may not be there any more.</param>
/// <param name="Header">Its header.</param>
/// <param name="HeadHash">The SHA-256 of its sealed head.</param>
/// <param name="IsStub">Whether the head itself is gone.</param>
internal sealed record StoredCommit(string Name, byte[] Header, byte[] HeadHash, bool IsStub = false)
{
    public const int HeaderSize = 122;

    public string Writer => Name.Split('/')[2];

    public ulong Number => BinaryPrimitives.ReadUInt64BigEndian(Header.AsSpan(18));

    public ulong Clock => BinaryPrimitives.ReadUInt64BigEndian(Header.AsSpan(26));

    /// <summary>The key epoch that it is sealed under.</summary>
    public ulong Epoch => BinaryPrimitives.ReadUInt64BigEndian(Header.AsSpan(34));

    public ReadOnlySpan<byte> Previous => Header.AsSpan(42, SHA256.HashSizeInBytes);

    public int HeadLength => (int)BinaryPrimitives.ReadUInt32BigEndian(Header.AsSpan(82));

    public byte[] Hash => SHA256.HashData([.. Header, .. HeadHash]);

    /// <summary>Takes it from the bytes that begin with it.</summary>
    public static StoredCommit Of(string name, ReadOnlySpan<byte> bytes)
    {
        var header = bytes[..HeaderSize].ToArray();
        return new StoredCommit(name, header, SHA256.HashData(bytes.Slice(HeaderSize, (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(82)))));
    }
}
