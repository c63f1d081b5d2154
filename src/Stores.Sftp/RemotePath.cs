namespace Coffer.Stores.Sftp;

/// <summary>Paths on the server, from keys and folders below the root.</summary>
internal sealed class RemotePath(string root)
{
    /// <summary>The root itself.</summary>
    public string Root => root;

    /// <summary>The folder of the temporary files.</summary>
    public string Hidden => Of(KeyRules.HiddenFolder);

    /// <summary>The path on the server of a path below the root; the empty one is the root.</summary>
    public string Of(string path) => path.Length == 0 ? root : root == "/" ? "/" + path : root + "/" + path;

    /// <summary>The path of the folder, empty for the root, and the last name.</summary>
    public static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }

    /// <summary>The folders on the way to a path below the root, from the outermost on.</summary>
    public static List<string> FoldersTo(string path)
    {
        var folders = new List<string>();
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            folders.Add(path[..slash]);
        return folders;
    }

    public static string Join(string folder, string name) => folder.Length == 0 ? name : folder + "/" + name;
}
