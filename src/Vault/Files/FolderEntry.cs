namespace Coffer.Vaults;

/// <summary>A file or a folder in a listing.</summary>
/// <param name="Path">The file's path; a folder's path ends with <c>/</c>.</param>
/// <param name="File">The file's newest version; null for a folder, which is only there because files below it are.</param>
public sealed record FolderEntry(string Path, FileVersion? File)
{
    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => File is null;
}
