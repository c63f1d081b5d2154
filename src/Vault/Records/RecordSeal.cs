using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Records;

/// <summary>
/// Seals and opens the secret half of sealed records (format, section 7): a text under a random key that is used once, and that key wrapped for the recipient and for the
/// author. All three are bound to the vault, the author, the record and the recipient.
/// </summary>
internal static class RecordSeal
{
    /// <summary>Seals what a record says. Each call draws a new key.</summary>
    public static SealedParts Seal(Digest vault, PublicId author, PublicId recipient, FileRecord file, IRandomSource random)
    {
        Span<byte> key = stackalloc byte[OneTimeSeal.KeySize];
        random.Fill(key);
        var context = Bound("coffer/sealed-wrap/v1", vault, author, file.Id, recipient);
        var text = SealedText.Write(file);
        var parts = new SealedParts(
            KeyWrap.Seal(context, key, recipient, random),
            KeyWrap.Seal(context, key, author, random),
            OneTimeSeal.Seal(key, text, Bound("coffer/sealed/v1", vault, author, file.Id, recipient).Written));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(text);
        return parts;
    }

    /// <summary>The record with what it says, or with why that cannot be had; as it was for who is neither its author nor its recipient.</summary>
    public static SealedRecord Open(Digest vault, PublicId author, SealedRecord record, PrivateId me)
    {
        var isRecipient = me.Public == record.Recipient;
        if (!isRecipient && me.Public != author)
            return record;
        var wrap = isRecipient ? record.Parts.RecipientWrap : record.Parts.AuthorWrap;
        if (!KeyWrap.TryOpen(Bound("coffer/sealed-wrap/v1", vault, author, record.Id, record.Recipient), wrap, me, out var key))
            return record with { Fault = "the key in it does not open" };
        var opened = OneTimeSeal.TryOpen(key, record.Parts.Text, Bound("coffer/sealed/v1", vault, author, record.Id, record.Recipient).Written, out var text);
        CryptographicOperations.ZeroMemory(key);
        if (!opened)
            return record with { Fault = "its text does not open under the key in it" };
        try
        {
            return record with { Opened = SealedText.Read(text, record) };
        }
        catch (WireException fault)
        {
            return record with { Fault = fault.Message };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static LengthPrefixed Bound(string label, Digest vault, PublicId author, UInt128 record, PublicId recipient)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, record);
        return new LengthPrefixed(label).Add(vault).Add(author.Bytes).Add(id).Add(recipient.Bytes);
    }
}
