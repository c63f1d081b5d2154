using System.Text;

namespace Coffer.Vaults.Encoding;

/// <summary>UTF-8 that refuses what has no exact form: lone surrogates on the way out, ill-formed bytes on the way in.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public static byte[] GetBytes(string text) => Strict.GetBytes(text);

    /// <summary>How many bytes <paramref name="text"/> has.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public static int Count(string text) => Strict.GetByteCount(text);

    /// <summary>Writes the bytes of <paramref name="text"/> and says how many they are.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate, or the destination is too short.</exception>
    public static int GetBytes(string text, Span<byte> destination) => Strict.GetBytes(text, destination);

    /// <summary>The text of <paramref name="bytes"/>, or false when they are no UTF-8.</summary>
    public static bool TryGetString(ReadOnlySpan<byte> bytes, out string text)
    {
        var valid = System.Text.Unicode.Utf8.IsValid(bytes);
        text = valid ? Strict.GetString(bytes) : "";
        return valid;
    }
}
