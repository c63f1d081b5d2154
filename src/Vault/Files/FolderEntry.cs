using Coffer.Vaults.Index;

namespace Coffer.Vaults;

/// <summary>A file or a folder in a listing.</summary>
/// <param name="Path">The file's path; a folder's path ends with <c>/</c>.</param>
/// <param name="File">The file's newest version; null for a folder, which is only there because files below it are. Plain and sealed files of one path are entries of their own: <see cref="FileVersion.Seal"/> tells them apart.</param>
public sealed record FolderEntry(string Path, FileVersion? File)
{
    /// <summary>Its place in a listing, for <see cref="ListFilesOptions.After"/>: the path; that of a sealed file is longer.</summary>
    public string Position => File?.Seal is { } seal ? FileBound.PositionOf(Path, seal) : Path;

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => File is null;
}
