using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// The file system calls of Linux. A new object is written to a temporary file and synced; then <c>link(2)</c>, which fails when the name is taken, or
/// <c>rename(2)</c> gives it its name in one step, and the folder is synced. (<c>File.Move(overwrite: false)</c> would look first and rename
/// then, and so let two creators win.)
/// </summary>
internal sealed class LinuxDisk : Disk
{
    private const uint FileMode = 0x1B6;
    private const string TemporaryPrefix = "put-";

    private readonly LinuxTree _tree;
    private KeyRules _rules;
    private bool _foldingKnown;

    public LinuxDisk(LocalStoreOptions options, string storeName)
        : base(options, storeName)
    {
        _tree = new LinuxTree(options.Root, options.Fsync);
        var place = new Place(StoreOperation.Open, null, storeName);
        using var existing = NearestFolder(options.Root, place);
        StrongVersions = LinuxFile.HasIdentities(existing);
        var type = FileSystemType.Of(existing);
        SharesOurClock = type.SharesOurClock;
        _rules = new KeyRules(Windows: false, type.FoldsCase);
    }

    public override KeyRules Rules => _rules;

    public override bool StrongVersions { get; }

    public override bool SharesOurClock { get; }

    public override FileFacts? Stat(StoreKey key, Place place)
    {
        var (path, name) = LinuxTree.Split(key.Value);
        using var folder = _tree.OpenFolder(path, create: false, place);
        return folder is null ? null : ObjectIn(folder, name, key, place);
    }

    public override OpenedFile? Open(StoreKey key, Place place)
    {
        var (path, name) = LinuxTree.Split(key.Value);
        using var folder = _tree.OpenFolder(path, create: false, place);
        if (folder is null)
            return null;
        // Without waiting, or a pipe in the place of an object would stop us for ever.
        var file = Libc.Open(folder, name, Libc.ReadOnly | Libc.NoFollow | Libc.NonBlocking);
        if (file is null)
        {
            return Libc.LastError switch
            {
                Errno.NotFound => null,
                Errno.SymbolicLink or Errno.NoDeviceOrAddress => throw NoObject(key, place),
                var errno => throw LocalErrors.FromErrno(errno, "open", _tree.Full(key.Value), place),
            };
        }
        try
        {
            var status = LinuxFile.Status(file) ?? throw LocalErrors.FromErrno(Libc.LastError, "look at", _tree.Full(key.Value), place);
            if (status.IsFile)
                return new OpenedFile(file, LinuxFile.Facts(status, file));
            file.Dispose();
            return status.IsFolder ? null : throw NoObject(key, place);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override TemporaryFile CreateTemporary(Place place)
    {
        var name = TemporaryPrefix + Guid.NewGuid().ToString("N");
        while (true)
        {
            var hidden = OpenHidden(place);
            var file = Libc.Open(hidden, name, Libc.ReadWrite | Libc.Create | Libc.Exclusive | Libc.NoFollow, FileMode);
            if (file is not null)
                return new LinuxTemporaryFile(file, hidden, name, HiddenPath + "/" + name);
            hidden.Dispose();
            if (Libc.LastError != Errno.NotFound)
                throw LocalErrors.FromErrno(Libc.LastError, "make the temporary file", HiddenPath + "/" + name, place);
        }
    }

    public override FileFacts Publish(TemporaryFile file, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken)
    {
        var temporary = (LinuxTemporaryFile)file;
        _rules.Check(key, place.Operation, StoreName); // Once more: the first temporary file tells whether the file system folds case.
        SyncContent(temporary, place);
        var status = LinuxFile.Status(temporary.Handle) ?? throw LocalErrors.FromErrno(Libc.LastError, "look at", temporary.Path, place);
        var facts = LinuxFile.Facts(status, temporary.Handle);
        var (path, name) = LinuxTree.Split(key.Value);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What is to be replaced has its folder already.
            using var folder = _tree.OpenFolder(path, create: condition.Kind != PutConditionKind.IfMatch, place) ?? throw VersionGone(key, place);
            var named = condition.Kind == PutConditionKind.IfAbsent
                ? Link(temporary, folder, name, key, place)
                : Replace(temporary, folder, name, key, condition, place, cancellationToken);
            if (!named)
                continue;
            try
            {
                _tree.Sync(folder, key.Value, place);
            }
            catch (StoreException exception) when (condition.Kind != PutConditionKind.Any)
            {
                throw place.Error(StoreErrorKind.OutcomeUnknown, $"'{key}' was put, but the disk may not have it yet. {exception.Message}", exception);
            }
            return facts;
        }
    }

    private void SyncContent(LinuxTemporaryFile file, Place place)
    {
        while (Fsync && Libc.Fsync(file.Handle) != 0)
        {
            if (Libc.LastError is Errno.Invalid or Errno.NotSupported)
                return;
            if (Libc.LastError != Errno.Interrupted)
                throw LocalErrors.FromErrno(Libc.LastError, "sync", file.Path, place);
        }
    }

    /// <summary>False when the folder vanished, and the caller makes it again.</summary>
    private bool Link(LinuxTemporaryFile file, SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (Libc.LinkAt(file.Folder, file.Name, folder, name, 0) == 0)
            return true;
        switch (Libc.LastError)
        {
            case Errno.Exists:
                return ObjectInTheWay(folder, name, key, place) is null
                    ? false
                    : throw place.Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{StoreName}'.");
            case Errno.NotFound:
                ThrowWhenSwept(file, place);
                return false;
            default:
                throw LocalErrors.FromErrno(Libc.LastError, "create", _tree.Full(key.Value), place);
        }
    }

    /// <summary>False when the folder vanished, and the caller makes it again.</summary>
    private bool Replace(
        LinuxTemporaryFile file, SafeFileHandle folder, string name, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken)
    {
        using var taken = KeyLock.Take(file.Folder, key, HiddenPath, place, cancellationToken);
        if (condition.Kind != PutConditionKind.IfMatch)
            _ = ObjectInTheWay(folder, name, key, place);
        else if ((ObjectIn(folder, name, key, place) ?? throw VersionGone(key, place)).Version != condition.Version)
            throw place.Error(StoreErrorKind.ConditionFailed, $"'{key}' was changed in '{StoreName}' meanwhile: it has another version than the one that was expected.");
        if (Libc.RenameAt(file.Folder, file.Name, folder, name) == 0)
        {
            file.HasName = false;
            return true;
        }
        switch (Libc.LastError)
        {
            case Errno.IsFolder:
                return false;
            case Errno.NotFound:
                ThrowWhenSwept(file, place);
                return false;
            default:
                throw LocalErrors.FromErrno(Libc.LastError, "replace", _tree.Full(key.Value), place);
        }
    }

    private StoreException VersionGone(StoreKey key, Place place) =>
        place.Error(StoreErrorKind.ConditionFailed, $"There is no '{key}' in '{StoreName}', so it has not the version that was expected.");

    private static void ThrowWhenSwept(LinuxTemporaryFile file, Place place)
    {
        if (LinuxFile.Status(file.Handle) is { Links: 0 })
        {
            throw place.Error(StoreErrorKind.Unavailable,
                $"The temporary file '{file.Path}' was removed while it was written. Nothing was stored; try again, and look for what cleans up that folder.");
        }
    }

    public override void Delete(StoreKey key, Place place, CancellationToken cancellationToken)
    {
        var (path, name) = LinuxTree.Split(key.Value);
        using (var folder = _tree.OpenFolder(path, create: false, place))
        {
            if (folder is null || ObjectIn(folder, name, key, place) is null)
                return;
            using var hidden = OpenHidden(place);
            using var taken = KeyLock.Take(hidden, key, HiddenPath, place, cancellationToken);
            if (Libc.UnlinkAt(folder, name, 0) != 0)
            {
                if (Libc.LastError is Errno.NotFound or Errno.IsFolder)
                    return;
                throw LocalErrors.FromErrno(Libc.LastError, "delete", _tree.Full(key.Value), place);
            }
            _tree.Sync(folder, key.Value, place);
        }
        _tree.Prune(path, place);
    }

    public override List<FolderItem>? ReadFolder(string path, Place place)
    {
        using var folder = _tree.OpenFolder(path, create: false, place);
        if (folder is null)
            return null;
        try
        {
            var items = new List<FolderItem>();
            foreach (var (name, type) in LinuxFolder.Entries(folder))
            {
                if (path.Length == 0 && name == KeyRules.HiddenFolder)
                    continue;
                var known = type == FolderEntry.UnknownType && LinuxFile.Status(folder, name) is { } status
                    ? status.IsFile ? FolderEntry.FileType : status.IsFolder ? FolderEntry.FolderType : type
                    : type;
                if (known is FolderEntry.FileType or FolderEntry.FolderType)
                    items.Add(new FolderItem(known == FolderEntry.FolderType ? name + "/" : name));
            }
            return items;
        }
        catch (IOException exception)
        {
            throw LocalErrors.FromException(exception, "list", _tree.Full(path), place);
        }
    }

    public override void StatMany(string folder, ReadOnlySpan<string> names, Span<FileFacts?> facts, Place place)
    {
        facts.Clear();
        using var handle = _tree.OpenFolder(folder, create: false, place);
        for (var i = 0; handle is not null && i < names.Length; i++)
        {
            if (LinuxFile.Status(handle, names[i]) is { IsFile: true } status)
                facts[i] = LinuxFile.Facts(status, handle, names[i]);
        }
    }

    public override void Sweep()
    {
        try
        {
            var place = new Place(StoreOperation.Open, null, StoreName);
            using var hidden = _tree.OpenFolder(KeyRules.HiddenFolder, create: false, place);
            if (hidden is null)
                return;
            LearnFolding(place);
            var names = LinuxFolder.Entries(hidden).FindAll(static entry => entry.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal));
            if (names.Count == 0)
                return;
            var now = FileSystemTime(place);
            foreach (var (name, _) in names)
            {
                if (LinuxFile.Status(hidden, name) is { IsFile: true } status && now - LinuxFile.Facts(status, hidden, name).Modified > StaleAfter)
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

    private string HiddenPath => _tree.Full(KeyRules.HiddenFolder);

    private SafeFileHandle OpenHidden(Place place)
    {
        var hidden = _tree.OpenFolder(KeyRules.HiddenFolder, create: true, place)!;
        if (_foldingKnown)
            return hidden;
        LearnFolding(place);
        return hidden;
    }

    /// <summary>Asks for the hidden folder in upper case: a file system that finds it would confuse keys.</summary>
    private void LearnFolding(Place place)
    {
        using var root = _tree.OpenFolder("", create: false, place);
        if (root is null)
            return;
        if (LinuxFile.Status(root, KeyRules.HiddenFolder.ToUpperInvariant()) is { } upper && LinuxFile.Status(root, KeyRules.HiddenFolder)?.Inode == upper.Inode)
            _rules = _rules with { FoldsCase = true };
        _foldingKnown = true;
    }

    /// <summary>The object of that name; null when there is none, also when there is a folder.</summary>
    private FileFacts? ObjectIn(SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (LinuxFile.Status(folder, name) is not { } status)
            return Libc.LastError == Errno.NotFound ? null : throw LocalErrors.FromErrno(Libc.LastError, "look at", _tree.Full(key.Value), place);
        if (status.IsFolder)
            return null;
        return status.IsFile ? LinuxFile.Facts(status, folder, name) : throw NoObject(key, place);
    }

    /// <summary>As <see cref="ObjectIn"/>, but a folder with objects in it is refused, and one without is removed.</summary>
    private FileFacts? ObjectInTheWay(SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (LinuxFile.Status(folder, name) is { IsFolder: true } && !LinuxTree.RemoveWhenEmpty(folder, name))
            throw place.Error(StoreErrorKind.InvalidKey, $"'{key}' is a folder with objects in it, and a file system cannot keep an object beside it under the same name. Use another key.");
        return ObjectIn(folder, name, key, place);
    }

    private StoreException NoObject(StoreKey key, Place place) =>
        place.Error(StoreErrorKind.InvalidKey, $"'{_tree.Full(key.Value)}' is a symbolic link or a special file, and this store neither follows nor replaces those. Remove it, or use another key.");

    private static SafeFileHandle NearestFolder(string path, Place place)
    {
        while (true)
        {
            var folder = Libc.Open(null, path, Libc.ReadOnly | Libc.FolderOnly);
            if (folder is not null)
                return folder;
            if (Libc.LastError != Errno.NotFound || Path.GetDirectoryName(path) is not { } parent)
                throw LocalErrors.FromErrno(Libc.LastError, "open the folder", path, place);
            path = parent;
        }
    }

    private sealed class LinuxTemporaryFile(SafeFileHandle handle, SafeFileHandle folder, string name, string path) : TemporaryFile
    {
        public override SafeFileHandle Handle => handle;

        public override string Path => path;

        public SafeFileHandle Folder => folder;

        public string Name => name;

        /// <summary>Whether its temporary name is still there. A renamed file has lost it.</summary>
        public bool HasName { get; set; } = true;

        public override void Dispose()
        {
            handle.Dispose();
            if (HasName)
                _ = Libc.UnlinkAt(folder, name, 0);
            HasName = false;
            folder.Dispose();
        }
    }
}
