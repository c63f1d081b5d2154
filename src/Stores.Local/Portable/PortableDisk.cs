using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// The disk of a system that is not 64-bit Linux, by the framework's own functions. It promises less: links are looked for before each
/// step and not at it, and a version is a file's time and size, which is weak, so there is no IfMatch.
/// </summary>
internal sealed class PortableDisk(LocalStoreOptions options, string storeName, KeyRules rules) : Disk(options, storeName)
{
    private const int MaxAttempts = 1000;
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);
    private const int WindowsFileExists = unchecked((int)0x80070050);

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };

    public override KeyRules Rules => rules;

    public override bool StrongVersions => false;

    public override bool SharesOurClock => false;

    private readonly List<string> _made = [];

    private string HiddenPath => Path.Combine(Root, KeyRules.HiddenFolder);

    public override FileFacts? Stat(StoreKey key, Place place) => Run("look at", key.Value, place, () =>
    {
        RefuseLinks(key.Value, place);
        var file = new FileInfo(PathOf(key.Value));
        return file.Exists ? Facts(file.Length, file.LastWriteTimeUtc) : (FileFacts?)null;
    });

    public override OpenedFile? Open(StoreKey key, Place place) => Run("open", key.Value, place, () =>
    {
        RefuseLinks(key.Value, place);
        try
        {
            var path = PathOf(key.Value);
            if (Directory.Exists(path))
                return (OpenedFile?)null;
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new OpenedFile(handle, Facts(handle));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || IsBelowFile(key.Value))
        {
            return null;
        }
    });

    public override TemporaryFile CreateTemporary(Place place) => Run("make a temporary file in", KeyRules.HiddenFolder, place, () =>
    {
        NoteMissing();
        var folder = Directory.CreateDirectory(HiddenPath);
        if (OperatingSystem.IsWindows())
            folder.Attributes |= FileAttributes.Hidden;
        var path = Path.Combine(HiddenPath, "put-" + Guid.NewGuid().ToString("N"));
        return new PortableTemporaryFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete), path);
    });

    public override FileFacts Publish(TemporaryFile file, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken) =>
        Run("put", key.Value, place, () =>
        {
            if (Fsync)
                RandomAccess.FlushToDisk(file.Handle);
            var facts = Facts(file.Handle);
            file.Handle.Dispose(); // Windows renames no open file.
            var folder = KeyPath.Split(key.Value).Folder;
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RefuseLinks(key.Value, place);
                RefuseFolder(key, place);
                if (!TryMakeFolders(folder, place) || !(condition.Kind == PutConditionKind.IfAbsent ? TryCreate(file.Path, key, place) : TryReplace(file.Path, key)))
                    continue;
                if (Fsync)
                    SyncFolders(folder);
                return facts;
            }
            throw place.Error(StoreErrorKind.Unavailable, $"The folder of '{key}' is removed again each time that it is made. Look for another program that cleans it up.");
        });

    /// <summary>False when the folder was removed meanwhile.</summary>
    private bool TryCreate(string from, StoreKey key, Place place)
    {
        var exists = place.Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{StoreName}'.");
        if (!OperatingSystem.IsWindows())
        {
            return PortableCalls.Link(from, PathOf(key.Value)) switch
            {
                0 => true,
                PortableCalls.Exists => throw exists,
                PortableCalls.NotFound => false,
                var errno => throw new IOException(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)),
            };
        }
        try
        {
            // On Windows, and only there, this is one call of the system that fails when the name is taken.
            File.Move(from, PathOf(key.Value), overwrite: false);
            return true;
        }
        catch (IOException exception) when (exception.HResult is WindowsAlreadyExists or WindowsFileExists)
        {
            throw exists;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private bool TryReplace(string from, StoreKey key)
    {
        try
        {
            File.Move(from, PathOf(key.Value), overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && File.Exists(from))
        {
            return false;
        }
    }

    public override void Delete(IReadOnlyList<StoreKey> keys, Place place, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Run("delete", key.Value, place with { Key = key.Value }, () => Remove(key, place));
        }
    }

    private bool Remove(StoreKey key, Place place)
    {
        RefuseLinks(key.Value, place);
        var path = PathOf(key.Value);
        if (!File.Exists(path))
            return false;
        File.Delete(path);
        var folder = KeyPath.Split(key.Value).Folder;
        if (Fsync && !OperatingSystem.IsWindows())
            PortableCalls.SyncFolder(PathOf(folder));
        try
        {
            for (; folder.Length > 0; folder = KeyPath.Split(folder).Folder)
                Directory.Delete(PathOf(folder), recursive: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It holds something else, or somebody else was faster.
        }
        return true;
    }

    public override List<FolderItem>? ReadFolder(string path, Place place) => Run("list", path, place, () =>
    {
        RefuseLinks(path, place);
        var folder = new DirectoryInfo(PathOf(path));
        if (!folder.Exists)
            return null;
        var items = new List<FolderItem>();
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything))
            {
                if ((path.Length == 0 && entry.Name == KeyRules.HiddenFolder) || entry.LinkTarget is not null)
                    continue;
                items.Add(new FolderItem(entry is DirectoryInfo ? entry.Name + "/" : entry.Name));
            }
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        return items;
    });

    public override void StatMany(string folder, ReadOnlySpan<string> names, Span<FileFacts?> facts, Place place)
    {
        for (var i = 0; i < names.Length; i++)
            facts[i] = Stat(StoreKey.Parse(folder.Length == 0 ? names[i] : folder + "/" + names[i]), place);
    }

    /// <summary>Remembers the folders that the next call makes. The hidden one is made first of all, and with it the root and its parents.</summary>
    private void NoteMissing()
    {
        if (Directory.Exists(HiddenPath))
            return;
        lock (_made)
        {
            for (var path = HiddenPath; path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path))
            {
                if (!_made.Contains(path, StringComparer.Ordinal))
                    _made.Add(path);
            }
        }
    }

    public override void RemoveTraces(Place place)
    {
        lock (_made)
        {
            try
            {
                foreach (var path in _made.OrderByDescending(static path => path.Length))
                    Directory.Delete(path, recursive: false);
                _made.Clear();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It holds something, or somebody else was faster.
            }
        }
    }

    public override void Sweep()
    {
        try
        {
            if (!Directory.Exists(HiddenPath) || Directory.GetFiles(HiddenPath, "put-*") is not { Length: > 0 } files)
                return;
            using var probe = CreateTemporary(new Place(StoreOperation.Open, null, StoreName));
            var now = File.GetLastWriteTimeUtc(probe.Handle);
            foreach (var file in files)
            {
                if (now - File.GetLastWriteTimeUtc(file) > StaleAfter)
                    File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StoreException)
        {
            // A folder that we may only read is a good store to read from.
        }
    }

    private string PathOf(string path) => path.Length == 0 ? Root : Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    private void RefuseLinks(string path, Place place)
    {
        for (; path.Length > 0; path = KeyPath.Split(path).Folder)
        {
            if (new FileInfo(PathOf(path)).LinkTarget is not null)
                throw place.Error(StoreErrorKind.InvalidKey, $"'{PathOf(path)}' is a symbolic link, and this store follows none below its root.");
        }
    }

    private bool IsBelowFile(string path)
    {
        for (var folder = KeyPath.Split(path).Folder; folder.Length > 0; folder = KeyPath.Split(folder).Folder)
        {
            if (File.Exists(PathOf(folder)))
                return true;
        }
        return false;
    }

    /// <summary>False when one was removed while it was made.</summary>
    private bool TryMakeFolders(string folder, Place place)
    {
        if (IsBelowFile(folder + "/x"))
            throw place.Error(StoreErrorKind.InvalidKey, $"A part of '{folder}' is an object, and a file system cannot keep another one below it. Use another key.");
        try
        {
            Directory.CreateDirectory(PathOf(folder));
            return true;
        }
        catch (IOException exception) when (exception is DirectoryNotFoundException or FileNotFoundException || exception.HResult is PortableCalls.Exists or WindowsAlreadyExists)
        {
            return false;
        }
    }

    private void SyncFolders(string folder)
    {
        for (var path = folder; !OperatingSystem.IsWindows(); path = KeyPath.Split(path).Folder)
        {
            PortableCalls.SyncFolder(PathOf(path));
            if (path.Length == 0)
                return;
        }
    }

    private void RefuseFolder(StoreKey key, Place place)
    {
        var path = PathOf(key.Value);
        if (!Directory.Exists(path))
            return;
        try
        {
            // Each only when it is empty, so that an object that comes meanwhile stays.
            foreach (var empty in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Append(path).OrderByDescending(static folder => folder.Length))
                Directory.Delete(empty, recursive: false);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was faster.
        }
        catch (IOException)
        {
            throw place.Error(StoreErrorKind.InvalidKey, $"'{key}' is a folder with objects in it, and a file system cannot keep an object beside it under the same name. Use another key.");
        }
    }

    private static FileFacts Facts(SafeFileHandle handle) => Facts(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    private static FileFacts Facts(long size, DateTime modified) =>
        new(size, new DateTimeOffset(modified, TimeSpan.Zero), new ObjectVersion(string.Create(CultureInfo.InvariantCulture, $"{modified.Ticks:x}.{size:x}")));

    private T Run<T>(string action, string path, Place place, Func<T> function)
    {
        try
        {
            return function();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LocalErrors.FromException(exception, action, PathOf(path), place);
        }
    }
}
