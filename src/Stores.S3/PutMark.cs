using System.Security.Cryptography;

namespace Coffer.Stores.S3;

/// <summary>A random mark in an object's metadata, by which a writer knows its own put again when the server's answer does not tell what became of it.</summary>
internal static class PutMark
{
    public const string Name = "x-amz-meta-coffer-put";

    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
