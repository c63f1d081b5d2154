using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>The folders that this store made beside those of its objects: the root with its parents, and the hidden one. All others were there before it.</summary>
internal sealed class LinuxTraces
{
    private readonly Lock _lock = new();
    private readonly Stack<string> _roots = new();
    private bool _isHiddenMade;

    /// <summary>Remembers a folder on the way to the root, or the root itself; parents come first.</summary>
    public void AddRoot(string path)
    {
        lock (_lock)
            _roots.Push(path);
    }

    /// <summary>Remembers the hidden folder.</summary>
    public void AddHidden()
    {
        lock (_lock)
            _isHiddenMade = true;
    }

    /// <summary>Removes them, from the innermost on, as far as nothing is in them but locks that nobody holds.</summary>
    public void Remove(LinuxTree tree, Place place)
    {
        lock (_lock)
        {
            if (_isHiddenMade && !RemoveHidden(tree, place))
                return;
            _isHiddenMade = false;
            while (_roots.TryPeek(out var path) && RemoveFolder(path))
                _roots.Pop();
        }
    }

    private static bool RemoveHidden(LinuxTree tree, Place place)
    {
        using var root = tree.OpenFolder("", create: false, place);
        using var hidden = tree.OpenFolder(KeyRules.HiddenFolder, create: false, place);
        if (root is null || hidden is null)
            return true;
        foreach (var (name, _) in LinuxFolder.Entries(hidden).Where(static entry => entry.Name.StartsWith(KeyLock.Prefix, StringComparison.Ordinal)))
            RemoveLock(hidden, name);
        return Libc.UnlinkAt(root, KeyRules.HiddenFolder, Libc.RemoveFolder) == 0;
    }

    /// <summary>Whoever waits for the lock sees that its file has no name any more, and takes another.</summary>
    private static void RemoveLock(SafeFileHandle hidden, string name)
    {
        using var file = Libc.Open(hidden, name, Libc.ReadOnly | Libc.NoFollow);
        if (file is not null && Libc.Flock(file, Libc.LockExclusive | Libc.LockWithoutWaiting) == 0)
            _ = Libc.UnlinkAt(hidden, name, 0);
    }

    private static bool RemoveFolder(string path)
    {
        using var parent = Libc.Open(null, Path.GetDirectoryName(path)!, Libc.ReadOnly | Libc.FolderOnly);
        return parent is not null && Libc.UnlinkAt(parent, Path.GetFileName(path), Libc.RemoveFolder) == 0;
    }
}
