namespace Coffer.Cli.Parsing;

/// <summary>A place in a vault as people write it: <c>NAME:path</c>, and <c>NAME:</c> for its root.</summary>
/// <param name="Vault">The vault's name in this home.</param>
/// <param name="Path">The path without a trailing <c>/</c>; empty for the root.</param>
/// <param name="IsFolder">Whether the text says that it is a folder: it ends in <c>/</c>, or is the root.</param>
internal sealed record VaultPlace(string Vault, string Path, bool IsFolder)
{
    public bool IsRoot => Path.Length == 0;

    /// <summary>The last segment of the path; empty for the root.</summary>
    public string BaseName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Reads a place.</summary>
    /// <exception cref="FormatException">The text is none; the message says why.</exception>
    public static VaultPlace Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new FormatException($"'{Excerpt.Of(text)}' is no place in a vault. Write NAME:path, or NAME: for all of the vault.");
        var vault = Home.HomeName.Parse(text[..colon], "vault");
        var path = text[(colon + 1)..];
        if (path.StartsWith('/'))
            throw new FormatException($"Paths in a vault do not begin with '/'. Write {vault}:{path.TrimStart('/')}");
        var isFolder = path.Length == 0 || path.EndsWith('/');
        path = path.EndsWith('/') ? path[..^1] : path;
        if (path.Length > 0 && Vaults.Naming.VaultPath.Fault(path) is { } fault)
            throw new FormatException($"'{path}' is no path in a vault: {fault}.");
        return new VaultPlace(vault, path, isFolder);
    }

    /// <summary>The path of something in this folder.</summary>
    public string Of(string name) => IsRoot ? name : $"{Path}/{name}";

    public override string ToString() => $"{Vault}:{Path}";
}
