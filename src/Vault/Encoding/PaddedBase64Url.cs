using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Coffer.Vaults.Encoding;

/// <summary>
/// Base64url (RFC 4648, section 5) with padding, strictly: there is one text for each byte sequence, and every other text is refused. Line breaks, missing
/// padding, and bits left over in the last digit are among the others. What it holds on the way is wiped, because private ids pass through.
/// </summary>
internal static class PaddedBase64Url
{
    /// <summary>How many characters <paramref name="bytes"/> bytes need.</summary>
    public static int TextLength(int bytes) => checked((bytes + 2) / 3 * 4);

    public static string Format(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[TextLength(bytes.Length)];
        Format(bytes, characters);
        var text = new string(characters);
        Wipe(characters);
        return text;
    }

    /// <summary>Writes the text into exactly the characters that it needs.</summary>
    public static void Format(ReadOnlySpan<byte> bytes, Span<char> characters)
    {
        var written = System.Buffers.Text.Base64Url.EncodeToChars(bytes, characters);
        characters[written..].Fill('=');
    }

    /// <summary>The bytes of <paramref name="text"/>, or false when <see cref="Format(ReadOnlySpan{byte})"/> never gives that text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 != 0)
            return false;
        var padding = text.EndsWith("==") ? 2 : text.EndsWith("=") ? 1 : 0;
        var decoded = new byte[(text.Length / 4 * 3) - padding];
        if (System.Buffers.Text.Base64Url.DecodeFromChars(text[..^padding], decoded, out _, out var written) != OperationStatus.Done
            || written != decoded.Length
            || !IsTextOf(text, decoded))
        {
            CryptographicOperations.ZeroMemory(decoded);
            return false;
        }
        bytes = decoded;
        return true;
    }

    /// <summary>Overwrites characters that spelled a secret.</summary>
    public static void Wipe(Span<char> characters) =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(characters));

    private static bool IsTextOf(ReadOnlySpan<char> text, byte[] bytes)
    {
        var again = new char[text.Length];
        Format(bytes, again);
        var same = CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(text), MemoryMarshal.AsBytes(again.AsSpan()));
        Wipe(again);
        return same;
    }
}
