namespace Coffer.Stores.Local;

/// <summary>How a local store is kept.</summary>
public sealed record LocalStoreOptions
{
    /// <summary>The folder that holds the objects, as an absolute path. It is made at the first put, with its parents.</summary>
    public required string Root { get; init; }

    /// <summary>
    /// Whether a put waits until the disk has the object and its name. False is faster, and a crash of the machine (not of the program) may lose what was put last.
    /// </summary>
    public bool Fsync { get; init; } = true;

    /// <summary>The options that a URL and the settings beside it name.</summary>
    /// <exception cref="StoreException">The URL names a host, no absolute path, or an option that does not exist or has no valid value (<see cref="StoreErrorKind.Unsupported"/>).</exception>
    public static LocalStoreOptions From(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(context);
        if (url.Host.Length > 0 && !url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused($"'{url}' names the host '{url.Host}', and a file store is on this machine. "
                + $"An absolute path follows three slashes: file:///{url.Host}{url.Path}");
        }
        if (url.User is not null || url.Port is not null)
            throw Refused($"'{url}' names a user or a port, and a file store has neither. Write file:///path");
        if (url.Path.Contains('\0', StringComparison.Ordinal))
            throw Refused($"The path of '{url}' has a NUL character, which no file system takes.");
        var fsync = true;
        foreach (var (name, value) in url.Options.Where(option => !HasSetting(context, option.Key)).Concat(context.Settings))
        {
            fsync = name.Equals("fsync", StringComparison.OrdinalIgnoreCase)
                ? bool.TryParse(value, out var parsed) ? parsed : throw Refused($"The option 'fsync' of the store '{url}' is true or false, not '{value}'.")
                : throw Refused($"The store '{url}' has no option '{name}'. A file store knows one: fsync.");
        }
        return new LocalStoreOptions { Root = RootOf(url), Fsync = fsync };
    }

    /// <summary>RFC 8089 writes a path with a drive letter as <c>file:///C:/path</c>.</summary>
    private static string RootOf(StoreUrl url)
    {
        var path = url.Path.Length == 0 ? "/" : url.Path;
        if (OperatingSystem.IsWindows() && path.Length > 2 && char.IsAsciiLetter(path[1]) && path[2] == ':')
            path = path[1..] + (path.Length == 3 ? "/" : "");
        return Path.IsPathFullyQualified(path)
            ? Path.GetFullPath(path)
            : throw Refused($"'{url}' names no absolute path on this machine. Write the drive too: file:///C:/path");
    }

    private static bool HasSetting(StoreContext context, string name) =>
        context.Settings.Keys.Any(setting => setting.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static StoreException Refused(string message) => new(StoreErrorKind.Unsupported, message) { Operation = StoreOperation.Open };
}
