using System.Buffers.Binary;

namespace Coffer.Testing;

/// <summary>
/// Bytes that follow from a seed and their place, so that contents of any size can be made and checked without being kept.
/// </summary>
public static class Pattern
{
    private const int Word = sizeof(ulong);

    /// <summary>Fills a buffer with the pattern's bytes from an offset on.</summary>
    public static void Fill(ulong seed, long offset, Span<byte> buffer)
    {
        var skip = (int)(offset % Word);
        var word = (ulong)(offset / Word);
        Span<byte> bytes = stackalloc byte[Word];
        if (skip > 0 && buffer.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, At(seed, word++));
            var count = Math.Min(Word - skip, buffer.Length);
            bytes.Slice(skip, count).CopyTo(buffer);
            buffer = buffer[count..];
        }
        for (; buffer.Length >= Word; buffer = buffer[Word..])
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, At(seed, word++));
        if (buffer.Length == 0)
            return;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, At(seed, word));
        bytes[..buffer.Length].CopyTo(buffer);
    }

    /// <summary>The first bytes of a pattern.</summary>
    public static byte[] Bytes(ulong seed, int length)
    {
        var bytes = new byte[length];
        Fill(seed, 0, bytes);
        return bytes;
    }

    private static ulong At(ulong seed, ulong word) => SeededRandom.Mix(unchecked(seed + ((word + 1) * 0x9E3779B97F4A7C15)));
}
