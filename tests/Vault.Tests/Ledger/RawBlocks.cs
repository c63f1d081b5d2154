using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Blocks made byte by byte, as no version of this software would write them.</summary>
internal static class RawBlocks
{
    /// <summary>The bytes, signed anew for the version that they state.</summary>
    public static byte[] Signed(byte[] bytes, PrivateId author)
    {
        var signed = bytes.ToArray();
        var version = (ushort)((bytes[8] << 8) | bytes[9]);
        author.Sign(BlockHeader.SignedBytes(version, signed)).CopyTo(signed, BlockHeader.SignatureAt);
        return signed;
    }

    /// <summary>A signed block with the header of another one, and changes as raw kinds and contents.</summary>
    public static byte[] WithChanges(byte[] block, PrivateId author, params (long Kind, byte[] Content)[] changes)
    {
        var writer = new WireWriter().Raw(block.AsSpan(0, BlockHeader.Size)).VarInt(1).Flag(false).VarInt(changes.Length);
        foreach (var (kind, content) in changes)
            writer.VarInt(kind).Bytes(content);
        return Signed(writer.ToArray(), author);
    }
}
