namespace Coffer.Vaults;

/// <summary>How to read a file.</summary>
public sealed record ReadFileOptions
{
    /// <summary>Which version, by <see cref="FileVersion.Id"/>; null for the newest.</summary>
    public string? VersionId { get; init; }

    /// <summary>Which sealed file of the path; null for the plain one.</summary>
    public FileSeal? Seal { get; init; }

    /// <summary>The part to read; null for all of it. One that begins behind the end gives nothing.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>Told how many bytes were read. Only where the read goes into a file.</summary>
    public IProgress<long>? Progress { get; init; }
}
