using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>Looks for an object under its name in its folder, and refuses what stands there instead.</summary>
internal sealed class LinuxObjects(LinuxTree tree)
{
    /// <summary>The object of that name; null when there is none, also when there is a folder.</summary>
    public FileFacts? Find(SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (LinuxFile.Status(folder, name) is not { } status)
            return Libc.LastError == Errno.NotFound ? null : throw LocalErrors.FromErrno(Libc.LastError, "look at", tree.Full(key.Value), place);
        if (status.IsFolder)
            return null;
        return status.IsFile ? LinuxFile.Facts(status, folder, name) : throw NoObject(key, place);
    }

    /// <summary>As <see cref="Find"/>, but a folder with objects in it is refused, and one without is removed.</summary>
    public FileFacts? FindInTheWay(SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (LinuxFile.Status(folder, name) is { IsFolder: true } && !LinuxTree.RemoveWhenEmpty(folder, name))
            throw place.Error(StoreErrorKind.InvalidKey, $"'{key}' is a folder with objects in it, and a file system cannot keep an object beside it under the same name. Use another key.");
        return Find(folder, name, key, place);
    }

    public StoreException NoObject(StoreKey key, Place place) =>
        place.Error(StoreErrorKind.InvalidKey, $"'{tree.Full(key.Value)}' is a symbolic link or a special file, and this store neither follows nor replaces those. Remove it, or use another key.");
}
