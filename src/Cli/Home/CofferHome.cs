using Coffer.Cli.Invocation;

namespace Coffer.Cli.Home;

/// <summary>
/// Where the tool keeps what is this person's on this device: <c>identities/NAME.id</c>, <c>vaults/NAME.json</c> and <c>index/NAME.db</c> with what belongs to it.
/// </summary>
internal sealed class CofferHome(string root)
{
    /// <summary>The folder of everything.</summary>
    public string Root { get; } = root;

    /// <summary>The folder that <c>COFFER_HOME</c> names, else <c>coffer</c> in the platform's folder for configuration.</summary>
    public static CofferHome OfEnvironment()
    {
        if (Environment.GetEnvironmentVariable("COFFER_HOME") is { Length: > 0 } named)
            return new CofferHome(Path.GetFullPath(named));
        // The XDG Base Directory Specification says to ignore a relative one. On Linux the framework follows it by itself, elsewhere not.
        var xdg = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        var platform = xdg is { Length: > 0 } && Path.IsPathFullyQualified(xdg)
            ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return platform.Length > 0
            ? new CofferHome(Path.Combine(platform, "coffer"))
            : throw new ToolException("There is no folder for configuration, because this user has no home. Set COFFER_HOME to a folder.");
    }

    public string IdentityPath(string name) => Path.Combine(Root, "identities", HomeName.Parse(name, "identity") + ".id");

    public string VaultPath(string name) => Path.Combine(Root, "vaults", HomeName.Parse(name, "vault") + ".json");

    public string IndexPath(string name) => Path.Combine(Root, "index", HomeName.Parse(name, "vault") + ".db");

    /// <summary>Settings of stores that are no business of a URL; the file need not be there.</summary>
    public string StoreSettingsPath => Path.Combine(Root, "stores.json");

    /// <summary>The error for an identity that is not here.</summary>
    public ToolException NoIdentity(string name, Exception inner) =>
        new($"There is no identity '{name}' in {Root}. 'coffer id list' shows those that are there; 'coffer id new {name}' makes one.", inner: inner);

    /// <summary>The names of the identities, in order.</summary>
    public IReadOnlyList<string> Identities() => Names("identities", ".id");

    /// <summary>The names of the vaults, in order.</summary>
    public IReadOnlyList<string> Vaults() => Names("vaults", ".json");

    /// <summary>Makes the folders, for this person alone, as they may hold secrets.</summary>
    public void Prepare()
    {
        foreach (var folder in new[] { Root, Path.Combine(Root, "identities"), Path.Combine(Root, "vaults"), Path.Combine(Root, "index") })
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Removes the index and state of a vault: several files beside each other, all of whose names begin with the vault's.</summary>
    public void RemoveIndex(string name)
    {
        var folder = Path.GetDirectoryName(IndexPath(name))!;
        foreach (var file in Directory.EnumerateFiles(folder, name + ".*").Where(file => IsOfIndex(Path.GetFileName(file)[(name.Length + 1)..])))
            File.Delete(file);
        foreach (var own in (string[])[".locks", ".spool", ".uploads"])
        {
            if (Directory.Exists(Path.Combine(folder, name + own)))
                Directory.Delete(Path.Combine(folder, name + own), recursive: true);
        }
    }

    /// <summary>The vault 'team' has team.db, team.state.db and team.index-1.db with their -wal and -shm; a vault 'team.b' has team.b.db, which is not ours.</summary>
    private static bool IsOfIndex(string rest) =>
        rest.StartsWith("db", StringComparison.Ordinal) || rest.StartsWith("state.db", StringComparison.Ordinal)
        || (rest.StartsWith("index-", StringComparison.Ordinal) && rest.AsSpan("index-".Length).IndexOfAnyExceptInRange('0', '9') is > 0 and var end
            && rest.AsSpan("index-".Length + end).StartsWith(".db", StringComparison.Ordinal));

    /// <summary>
    /// Keeps other processes from giving out names in this home meanwhile. The lock ends with the process, however that ends.
    /// </summary>
    /// <exception cref="ToolException">Another process has it for longer than a person would wait.</exception>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        Prepare();
        var path = Path.Combine(Root, ".lock");
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (tries < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
            catch (IOException e)
            {
                throw new ToolException($"Another coffer process is busy with {Root}. Wait for it, and try again.", inner: e);
            }
        }
    }

    private List<string> Names(string folder, string extension)
    {
        var path = Path.Combine(Root, folder);
        if (!Directory.Exists(path))
            return [];
        return [.. Directory.EnumerateFiles(path, "*" + extension).Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .Where(HomeName.IsName).Order(StringComparer.Ordinal)];
    }
}
