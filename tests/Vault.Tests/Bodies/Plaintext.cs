using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>The plaintext of all body tests and vectors: byte i is byte i mod 32 of the SHA-256 of i div 32, a number of 8 bytes, big-endian.</summary>
internal static class Plaintext
{
    /// <summary>Made once: two pieces and some.</summary>
    private static readonly Lazy<byte[]> Longest = new(() =>
    {
        var bytes = new byte[34 << 20];
        Span<byte> number = stackalloc byte[8];
        for (var block = 0; block < bytes.Length / 32; block++)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, block);
            SHA256.HashData(number, bytes.AsSpan(block * 32, 32));
        }
        return bytes;
    });

    /// <summary>The first so many bytes, up to 34 MiB.</summary>
    public static byte[] OfLength(long length) => Longest.Value.AsSpan(0, checked((int)length)).ToArray();
}
