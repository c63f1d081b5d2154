namespace Coffer.Vaults.Databases;

/// <summary>Where a device keeps what it knows of one vault: from the path <c>data/team.db</c> come <c>team.state.db</c>, <c>team.index-1.db</c> and the folder <c>team.locks</c>.</summary>
internal sealed class LocalPaths
{
    private readonly string _stem;

    public LocalPaths(string path)
    {
        var full = Path.GetFullPath(path);
        Folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"'{path}' is no path for an index file.", nameof(path));
        _stem = Path.Combine(Folder, Path.GetExtension(full) == ".db" ? Path.GetFileNameWithoutExtension(full) : Path.GetFileName(full));
    }

    public string Folder { get; }

    public string State => _stem + ".state.db";

    public string Locks => _stem + ".locks";

    public string Index(long generation) => FormattableString.Invariant($"{_stem}.index-{generation}.db");

    public void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Nobody but this user may read names and keys.</summary>
    public static void Protect(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void DeleteIndex(long generation)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
            File.Delete(Index(generation) + suffix);
    }
}
