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
        var options = new StoreOptionReader(url, context, "A file store");
        if (url.Host.Length > 0 && !url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            throw options.Refused($"A file store is on this machine, and the URL names the host '{url.Host}'. "
                + $"An absolute path follows three slashes: file:///{url.Host}{url.Path}");
        }
        if (url.User is not null || url.Port is not null)
            throw options.Refused("A file store has no user and no port. Write file:///path");
        if (url.Path.Contains('\0', StringComparison.Ordinal))
            throw options.Refused("The path has a NUL character, which no file system takes");
        var fsync = options.Bool("fsync", otherwise: true);
        options.Finish();
        return new LocalStoreOptions { Root = RootOf(url, options), Fsync = fsync };
    }

    /// <summary>RFC 8089 writes a path with a drive letter as <c>file:///C:/path</c>.</summary>
    private static string RootOf(StoreUrl url, StoreOptionReader options)
    {
        var path = url.Path.Length == 0 ? "/" : url.Path;
        if (OperatingSystem.IsWindows() && path.Length > 2 && char.IsAsciiLetter(path[1]) && path[2] == ':')
            path = path[1..] + (path.Length == 3 ? "/" : "");
        return Path.IsPathFullyQualified(path)
            ? Path.GetFullPath(path)
            : throw options.Refused("The URL names no absolute path on this machine. Write the drive too: file:///C:/path");
    }
}
