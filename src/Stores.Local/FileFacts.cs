namespace Coffer.Stores.Local;

/// <summary>What a file system says of one regular file.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When its content was last written, by the file system's clock.</param>
/// <param name="Version">A name for these bytes; see <see cref="Disk.StrongVersions"/>.</param>
internal readonly record struct FileFacts(long Size, DateTimeOffset Modified, ObjectVersion Version);
