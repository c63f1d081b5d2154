namespace Coffer.Simulation;

/// <summary>The local files of a device, as whole folders: what a dead process left, a backup, an older copy.</summary>
internal static class LocalFolder
{
    /// <summary>Copies what a process that dies leaves: all but the files that live only as long as it does.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(static file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            CopyFile(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(static folder => !folder.EndsWith(".locks", StringComparison.Ordinal)))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>Deletes the index, all of which comes from the store.</summary>
    public static void DeleteIndex(string folder)
    {
        foreach (var file in IndexFiles(folder))
            File.Delete(file);
    }

    /// <summary>Puts the index of another copy in the place of this one's.</summary>
    public static void ReplaceIndex(string folder, string other)
    {
        DeleteIndex(folder);
        foreach (var file in IndexFiles(other))
            CopyFile(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    /// <summary>Also while somebody holds it.</summary>
    private static void CopyFile(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = File.Create(to);
        source.CopyTo(copy);
    }

    private static IEnumerable<string> IndexFiles(string folder) => Directory.EnumerateFiles(folder, "*.index-*");
}
