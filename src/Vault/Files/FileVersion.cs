using System.Buffers.Binary;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;

namespace Coffer.Vaults;

/// <summary>One version of a file, or a delete of it.</summary>
public sealed record FileVersion
{
    /// <summary>The path in the vault.</summary>
    public required string Path { get; init; }

    /// <summary>Names this version for good: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it hides the file instead of being one.</summary>
    public bool IsDelete { get; init; }

    /// <summary>The size of the content, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The file's own time.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>When it was written, by the writer's hybrid clock: versions are ordered by it, the same on every peer.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>Who wrote it: the signature says so.</summary>
    public required PublicId Author { get; init; }

    /// <summary>Between whom it is sealed; null when all members can read it.</summary>
    public FileSeal? Seal { get; init; }

    /// <summary>The application's own bytes.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>From when on it reads as expired; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether that time has come, for it or for a newer version.</summary>
    public bool IsExpired { get; init; }

    internal static FileVersion Of(FileRow row, bool isExpired) => new()
    {
        Path = row.Path,
        Id = IdOf(row.Author, row.Record),
        IsDelete = row.IsDelete,
        Size = row.Size,
        Modified = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(row.Modified, FirstMillisecond, LastMillisecond)),
        Written = Place.Clock(row.Place).Time,
        Author = row.Author,
        Seal = row.Seal,
        Attributes = row.Attributes,
        Expires = row.ContentEnd == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(row.ContentEnd, LastMillisecond)),
        IsExpired = isExpired,
    };

    /// <summary>The id of a version. Its author belongs to it: anybody can write a record with the id of somebody else's.</summary>
    internal static string IdOf(PublicId author, UInt128 record)
    {
        Span<byte> bytes = stackalloc byte[PublicId.Size + 16];
        author.Bytes.CopyTo(bytes);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[PublicId.Size..], record);
        return Digest.Of(bytes).ToString()[..IdLength];
    }

    private const int IdLength = 32;

    private static readonly long FirstMillisecond = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
