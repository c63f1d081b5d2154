namespace Coffer.Vaults.Index;

/// <summary>Whose a file is, as bytes that sort: nothing for a plain one, which so comes first; sender and recipient for a sealed one.</summary>
internal static class SealColumn
{
    /// <summary>Behind all of one path: no public id begins with this byte.</summary>
    public static byte[] BehindAll => [0xFF];

    public static byte[] Of(FileSeal? seal) => seal is null ? [] : [.. seal.Sender.Bytes, .. seal.Recipient.Bytes];

    public static FileSeal? Read(byte[] bytes) => bytes.Length == 0
        ? null
        : new FileSeal(PublicId.FromTrustedBytes(bytes.AsSpan(0, PublicId.Size)), PublicId.FromTrustedBytes(bytes.AsSpan(PublicId.Size)));
}
