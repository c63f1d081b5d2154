using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>The folder inside the root that holds temporary files and locks.</summary>
internal sealed class LinuxHiddenFolder(LinuxTree tree, string storeName, TimeSpan staleAfter)
{
    private const uint FileMode = 0x1B6;
    private const string TemporaryPrefix = "put-";

    private bool _foldingKnown;

    public string Path => tree.Full(KeyRules.HiddenFolder);

    /// <summary>Whether the file system takes names that differ only in case for one. Known once the folder exists.</summary>
    public bool FoldsCase { get; private set; }

    public LinuxTemporaryFile CreateTemporary(Place place)
    {
        var name = TemporaryPrefix + Guid.NewGuid().ToString("N");
        while (true)
        {
            var hidden = Open(place);
            var file = Libc.Open(hidden, name, Libc.ReadWrite | Libc.Create | Libc.Exclusive | Libc.NoFollow, FileMode);
            if (file is not null)
                return new LinuxTemporaryFile(file, hidden, name, Path + "/" + name);
            hidden.Dispose();
            if (Libc.LastError != Errno.NotFound)
                throw LocalErrors.FromErrno(Libc.LastError, "make the temporary file", Path + "/" + name, place);
        }
    }

    public void Sweep()
    {
        try
        {
            var place = new Place(StoreOperation.Open, null, storeName);
            using var hidden = tree.OpenFolder(KeyRules.HiddenFolder, create: false, place);
            if (hidden is null)
                return;
            LearnFolding(place);
            var names = LinuxFolder.Entries(hidden).FindAll(static entry => entry.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal));
            if (names.Count == 0)
                return;
            var now = FileSystemTime(place);
            foreach (var (name, _) in names)
            {
                if (LinuxFile.Status(hidden, name) is { IsFile: true } status && now - LinuxFile.Facts(status, hidden, name).Modified > staleAfter)
                    _ = Libc.UnlinkAt(hidden, name, 0);
            }
        }
        catch (Exception exception) when (exception is StoreException or IOException)
        {
            // A folder that we may only read is a good store to read from.
        }
    }

    /// <summary>A file system may be another machine's, so its clock is read from a file just made.</summary>
    private DateTimeOffset FileSystemTime(Place place)
    {
        using var probe = CreateTemporary(place);
        return LinuxFile.Status(probe.Handle) is { } status ? LinuxFile.Facts(status, probe.Handle).Modified : DateTimeOffset.MinValue;
    }

    public SafeFileHandle Open(Place place)
    {
        var hidden = tree.OpenFolder(KeyRules.HiddenFolder, create: true, place)!;
        if (_foldingKnown)
            return hidden;
        LearnFolding(place);
        return hidden;
    }

    /// <summary>Asks for the hidden folder in upper case: a file system that finds it would confuse keys.</summary>
    private void LearnFolding(Place place)
    {
        using var root = tree.OpenFolder("", create: false, place);
        if (root is null)
            return;
        if (LinuxFile.Status(root, KeyRules.HiddenFolder.ToUpperInvariant()) is { } upper && LinuxFile.Status(root, KeyRules.HiddenFolder)?.Inode == upper.Inode)
            FoldsCase = true;
        _foldingKnown = true;
    }
}
