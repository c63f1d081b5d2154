using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// The folders below the root. Each path is walked from the root, folder by folder, with a handle and without following links, so that nothing that is
/// done meanwhile can lead out of the root. There is no cache of folders that could be out of date: the walk costs a microsecond a level.
/// </summary>
internal sealed class LinuxTree(string root, bool fsync, LinuxTraces traces)
{
    /// <summary>How often a folder may vanish between its making and its use before we stop.</summary>
    private const int MaxAttempts = 1000;

    private const uint FolderMode = 0x1FF;
    private const int MaxKnown = 8192;

    /// <summary>Folders whose names were synced to the disk by this process, so that their parents need no sync at each put.</summary>
    private readonly ConcurrentDictionary<string, bool> _synced = new(StringComparer.Ordinal);

    /// <summary>
    /// Opens a folder by its path below the root. Null when it is missing and not to be made, or when a file has its place and it is not to be made.
    /// </summary>
    /// <exception cref="StoreException">A symbolic link stands in the path, or a file where a folder is to be made (<see cref="StoreErrorKind.InvalidKey"/>).</exception>
    public SafeFileHandle? OpenFolder(string path, bool create, Place place)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var folder = OpenRoot(create, place);
            var start = 0;
            while (folder is not null && start < path.Length)
            {
                var end = path.IndexOf('/', start);
                end = end < 0 ? path.Length : end;
                using var parent = folder;
                folder = Enter(parent, path[start..end], path[..end], create, place);
                start = end + 1;
            }
            // When a folder is to be made, null says that its parent was removed just now, by a delete elsewhere.
            if (folder is not null || !create)
                return folder;
        }
        throw place.Error(StoreErrorKind.Unavailable, $"The folder '{Full(path)}' is removed again each time that it is made. Look for another program that cleans it up.");
    }

    /// <summary>The path on the file system, for messages.</summary>
    public string Full(string path) => path.Length == 0 ? root : root.TrimEnd('/') + "/" + path;

    private SafeFileHandle? Enter(SafeFileHandle parent, string name, string path, bool create, Place place)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var folder = Libc.Open(parent, name, Libc.ReadOnly | Libc.FolderOnly | Libc.NoFollow);
            if (folder is not null)
            {
                if (create)
                    SyncName(parent, path, place);
                return folder;
            }
            switch (Libc.LastError)
            {
                case Errno.NotFound when !create:
                    return null;
                case Errno.NotFound:
                    _synced.TryRemove(path, out _);
                    switch (Libc.MakeFolderAt(parent, name, FolderMode) == 0 ? 0 : Libc.LastError)
                    {
                        case 0:
                            if (path == KeyRules.HiddenFolder)
                                traces.AddHidden();
                            continue;
                        case Errno.Exists:
                            continue;
                        case Errno.NotFound:
                            return null;
                        case var errno:
                            throw LocalErrors.FromErrno(errno, "make the folder", Full(path), place);
                    }
                case Errno.NotFolder or Errno.SymbolicLink:
                    if (LinuxFile.Status(parent, name) is not { } status)
                        continue;
                    if (status.IsSymbolicLink)
                        throw place.Error(StoreErrorKind.InvalidKey, $"'{Full(path)}' is a symbolic link, and this store follows none below its root.");
                    return create
                        ? throw place.Error(StoreErrorKind.InvalidKey, $"'{path}' is an object, and a file system cannot keep another one below it. Use another key.")
                        : null;
                default:
                    throw LocalErrors.FromErrno(Libc.LastError, "open the folder", Full(path), place);
            }
        }
        return null;
    }

    /// <summary>
    /// A folder that somebody else made may not be on the disk yet, so its name is synced when it is met first, too.
    /// </summary>
    private void SyncName(SafeFileHandle parent, string path, Place place)
    {
        if (!fsync || _synced.ContainsKey(path))
            return;
        Sync(parent, path, place);
        if (_synced.Count >= MaxKnown)
            _synced.Clear();
        _synced[path] = true;
    }

    /// <summary>Waits until the disk has a folder's names. The path is for messages.</summary>
    public void Sync(SafeFileHandle folder, string path, Place place)
    {
        if (!fsync)
            return;
        while (Libc.Fsync(folder) != 0)
        {
            switch (Libc.LastError)
            {
                case Errno.Interrupted:
                    continue;
                case Errno.Invalid or Errno.NotSupported:
                    return; // Some file systems have no fsync for folders, and keep names in another way.
                default:
                    throw LocalErrors.FromErrno(Libc.LastError, "sync the folder of", Full(path), place);
            }
        }
    }

    private SafeFileHandle? OpenRoot(bool create, Place place)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var folder = Libc.Open(null, root, Libc.ReadOnly | Libc.FolderOnly);
            if (folder is not null)
                return folder;
            switch (Libc.LastError)
            {
                case Errno.NotFound when !create:
                    return null;
                case Errno.NotFound:
                    MakeRoot(root, place);
                    continue;
                case Errno.NotFolder:
                    throw place.Error(StoreErrorKind.PermissionDenied, $"The root '{root}' of this store is no folder. Give the store a folder of its own.");
                default:
                    throw LocalErrors.FromErrno(Libc.LastError, "open the root", root, place);
            }
        }
        return null;
    }

    private void MakeRoot(string path, Place place)
    {
        var parent = Path.GetDirectoryName(path)!;
        var folder = Libc.Open(null, parent, Libc.ReadOnly | Libc.FolderOnly);
        if (folder is null && Libc.LastError == Errno.NotFound)
        {
            MakeRoot(parent, place);
            folder = Libc.Open(null, parent, Libc.ReadOnly | Libc.FolderOnly);
        }
        using (folder)
        {
            if (folder is null)
                throw LocalErrors.FromErrno(Libc.LastError, "make the folder", path, place);
            if (Libc.MakeFolderAt(folder, Path.GetFileName(path), FolderMode) == 0)
                traces.AddRoot(path);
            else if (Libc.LastError != Errno.Exists)
                throw LocalErrors.FromErrno(Libc.LastError, "make the folder", path, place);
            Sync(folder, path, place);
        }
    }

    /// <summary>Removes a folder and its parents as long as they are empty. A put that comes at the same time makes them again.</summary>
    public void Prune(string path, Place place)
    {
        while (path.Length > 0)
        {
            var (parentPath, name) = KeyPath.Split(path);
            using var parent = OpenFolder(parentPath, create: false, place);
            if (parent is null || Libc.UnlinkAt(parent, name, Libc.RemoveFolder) != 0)
                return;
            _synced.TryRemove(path, out _);
            path = parentPath;
        }
    }

    /// <summary>Removes a folder that holds nothing but empty folders, as a put that failed leaves them. False when it holds anything else.</summary>
    public static bool RemoveWhenEmpty(SafeFileHandle parent, string name)
    {
        using var folder = Libc.Open(parent, name, Libc.ReadOnly | Libc.FolderOnly | Libc.NoFollow);
        if (folder is null)
            return Libc.LastError == Errno.NotFound;
        foreach (var (entry, type) in LinuxFolder.Entries(folder))
        {
            if (type != FolderEntry.FolderType || !RemoveWhenEmpty(folder, entry))
                return false;
        }
        return Libc.UnlinkAt(parent, name, Libc.RemoveFolder) == 0 || Libc.LastError == Errno.NotFound;
    }
}
