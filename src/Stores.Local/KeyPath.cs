namespace Coffer.Stores.Local;

/// <summary>Takes a key's path apart.</summary>
internal static class KeyPath
{
    /// <summary>The path of the folder, empty for the root, and the last name.</summary>
    public static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }
}
