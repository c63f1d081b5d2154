using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>The plaintext of all body tests and vectors: byte i is byte i mod 32 of the SHA-256 of i div 32, a number of 8 bytes, big-endian.</summary>
internal static class Plaintext
{
    public static byte[] OfLength(long length)
    {
        var bytes = new byte[length + 31];
        Span<byte> number = stackalloc byte[8];
        for (long block = 0; block * 32 < length; block++)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, block);
            SHA256.HashData(number, bytes.AsSpan((int)(block * 32), 32));
        }
        return bytes[..(int)length];
    }
}
