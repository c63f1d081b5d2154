namespace Coffer.Vaults.Databases;

/// <summary>Where a device keeps what it knows of one vault: from the path <c>data/team.db</c> come <c>team.state.db</c>, <c>team.index-1.db</c> and the folders <c>team.locks</c>, <c>team.spool</c> and <c>team.uploads</c>.</summary>
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

    /// <summary>The folder of contents that were accepted and are to be sent.</summary>
    public string Spool => _stem + ".spool";

    /// <summary>The folder of what large uploads have begun.</summary>
    public string Uploads => _stem + ".uploads";

    public string Index(long generation) => FormattableString.Invariant($"{_stem}.index-{generation}.db");

    public void CreateFolder() => CreateFolder(Folder);

    /// <summary>Makes a folder that only this user may look into.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Nobody but this user may read names and keys.</summary>
    public static void Protect(string file)
    {
        const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Set only where it is needed: on a disk that can only be read, who opens the file next tells that better.
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) != OnlyUser)
            File.SetUnixFileMode(file, OnlyUser);
    }

    public void DeleteIndex(long generation)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
            File.Delete(Index(generation) + suffix);
    }
}
