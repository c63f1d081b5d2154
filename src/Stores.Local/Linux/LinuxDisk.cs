using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// The disk as Linux has it: handles of folders instead of paths, so that nothing can be led out of the root, and identities of files, so that versions are strong.
/// </summary>
internal sealed class LinuxDisk : Disk
{
    private readonly LinuxTraces _traces = new();
    private readonly LinuxTree _tree;
    private readonly LinuxObjects _objects;
    private readonly LinuxHiddenFolder _hidden;
    private readonly LinuxPublisher _publisher;
    private readonly bool _foldsCase;

    public LinuxDisk(LocalStoreOptions options, string storeName)
        : base(options, storeName)
    {
        _tree = new LinuxTree(options.Root, options.Fsync, _traces);
        _objects = new LinuxObjects(_tree);
        _hidden = new LinuxHiddenFolder(_tree, storeName, StaleAfter);
        _publisher = new LinuxPublisher(_tree, _objects, _hidden.Path, options.Fsync);
        var place = new Place(StoreOperation.Open, null, storeName);
        using var existing = NearestFolder(options.Root, place);
        StrongVersions = LinuxFile.HasIdentities(existing);
        var type = FileSystemType.Of(existing);
        SharesOurClock = type.SharesOurClock;
        _foldsCase = type.FoldsCase;
    }

    public override KeyRules Rules => new(Windows: false, FoldsCase: _foldsCase || _hidden.FoldsCase);

    public override bool StrongVersions { get; }

    public override bool SharesOurClock { get; }

    public override FileFacts? Stat(StoreKey key, Place place)
    {
        var (path, name) = KeyPath.Split(key.Value);
        using var folder = _tree.OpenFolder(path, create: false, place);
        return folder is null ? null : _objects.Find(folder, name, key, place);
    }

    public override OpenedFile? Open(StoreKey key, Place place)
    {
        var (path, name) = KeyPath.Split(key.Value);
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
                Errno.SymbolicLink or Errno.NoDeviceOrAddress => throw _objects.NoObject(key, place),
                var errno => throw LocalErrors.FromErrno(errno, "open", _tree.Full(key.Value), place),
            };
        }
        try
        {
            var status = LinuxFile.Status(file) ?? throw LocalErrors.FromErrno(Libc.LastError, "look at", _tree.Full(key.Value), place);
            if (status.IsFile)
                return new OpenedFile(file, LinuxFile.Facts(status, file));
            file.Dispose();
            return status.IsFolder ? null : throw _objects.NoObject(key, place);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override TemporaryFile CreateTemporary(Place place) => _hidden.CreateTemporary(place);

    public override FileFacts Publish(TemporaryFile file, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken)
    {
        Rules.Check(key, place.Operation, StoreName); // Once more: the first temporary file tells whether the file system folds case.
        return _publisher.Publish((LinuxTemporaryFile)file, key, condition, place, cancellationToken);
    }

    public override void Sweep() => _hidden.Sweep();

    public override void RemoveTraces(Place place) => _traces.Remove(_tree, place);

    public override void Delete(IReadOnlyList<StoreKey> keys, Place place, CancellationToken cancellationToken)
    {
        // A folder is synced once for all that was removed from it, and only then removed itself.
        var changed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Remove(key, place with { Key = key.Value }, cancellationToken))
                changed.Add(KeyPath.Split(key.Value).Folder);
        }
        foreach (var path in changed)
        {
            using (var folder = _tree.OpenFolder(path, create: false, place))
            {
                if (folder is not null)
                    _tree.Sync(folder, path, place);
            }
            _tree.Prune(path, place);
        }
    }

    private bool Remove(StoreKey key, Place place, CancellationToken cancellationToken)
    {
        var (path, name) = KeyPath.Split(key.Value);
        using var folder = _tree.OpenFolder(path, create: false, place);
        if (folder is null || _objects.Find(folder, name, key, place) is null)
            return false;
        using var hidden = _hidden.Open(place);
        using var taken = KeyLock.Take(hidden, key, _hidden.Path, place, cancellationToken);
        if (Libc.UnlinkAt(folder, name, 0) == 0)
            return true;
        return Libc.LastError is Errno.NotFound or Errno.IsFolder ? false : throw LocalErrors.FromErrno(Libc.LastError, "delete", _tree.Full(key.Value), place);
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
}
