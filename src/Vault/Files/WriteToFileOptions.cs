namespace Coffer.Vaults;

/// <summary>How <see cref="FileReader.WriteToFileAsync"/> makes a local file.</summary>
public sealed record WriteToFileOptions
{
    /// <summary>The time of the local file; null takes that of the version.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The permissions of the local file; null leaves them to the system. Not used on Windows.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>Told how many bytes were written.</summary>
    public IProgress<long>? Progress { get; init; }
}
