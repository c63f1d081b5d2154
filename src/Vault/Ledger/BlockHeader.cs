using System.Diagnostics.CodeAnalysis;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>What stands at the same place in blocks of every version, and is all that is needed to know who signed one, and for which place.</summary>
/// <param name="Version">The version of the rest.</param>
/// <param name="Author">The author's id, 65 bytes. They were not looked at: only when they equal a member's are they an id.</param>
/// <param name="Signature">64 bytes.</param>
/// <param name="Vault">The vault id; zero in the first block.</param>
/// <param name="Slot">The slot for which it was made.</param>
/// <param name="Height">The height for which it was made.</param>
/// <param name="Previous">The hash of the block that it follows.</param>
internal sealed record BlockHeader(ushort Version, byte[] Author, byte[] Signature, Digest Vault, ulong Slot, ulong Height, Digest Previous)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 219;

    /// <summary>Where the signature begins.</summary>
    public const int SignatureAt = 75;

    /// <summary>Where what comes after the signature begins.</summary>
    public const int AfterSignature = 139;

    /// <summary>The first bytes of every block.</summary>
    public static ReadOnlySpan<byte> Magic => "cofferbl"u8;

    /// <summary>Reads the header of a block, or says that the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out BlockHeader? header)
    {
        header = null;
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
            return false;
        var reader = new WireReader(bytes[Magic.Length..Size]);
        header = new BlockHeader(
            reader.U16(),
            reader.Raw(PublicId.Size).ToArray(),
            reader.Raw(AfterSignature - SignatureAt).ToArray(),
            new Digest(reader.Raw(Digest.Size)),
            reader.U64(),
            reader.U64(),
            new Digest(reader.Raw(Digest.Size)));
        return true;
    }

    /// <summary>The bytes that the signature of a block of a version covers: all of it, but for the signature.</summary>
    public static byte[] SignedBytes(ushort version, ReadOnlySpan<byte> block) =>
        new LengthPrefixed(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"coffer/block/v{version}"))
            .Add(block[..SignatureAt])
            .Add(block[AfterSignature..])
            .ToArray();
}
