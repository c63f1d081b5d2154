using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// What the local store asks of an operating system. Everything here blocks, and runs on threads of the pool. No member follows a symbolic link below the root.
/// </summary>
internal abstract class Disk(LocalStoreOptions options, string storeName)
{
    /// <summary>How old a temporary file is when nobody can still be writing it.</summary>
    protected static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    protected string Root => options.Root;

    protected bool Fsync => options.Fsync;

    protected string StoreName => storeName;

    /// <summary>Which keys the file system can keep.</summary>
    public abstract KeyRules Rules { get; }

    /// <summary>Whether two different contents never have one version.</summary>
    public abstract bool StrongVersions { get; }

    /// <summary>Whether the file system's clock is this machine's, so that its time is known without a request.</summary>
    public abstract bool SharesOurClock { get; }

    /// <summary>What is known of an object; null when there is none.</summary>
    public abstract FileFacts? Stat(StoreKey key, Place place);

    /// <summary>Opens an object; null when there is none.</summary>
    public abstract OpenedFile? Open(StoreKey key, Place place);

    /// <summary>A new, empty temporary file on the root's file system.</summary>
    public abstract TemporaryFile CreateTemporary(Place place);

    /// <summary>
    /// Gives a temporary file, already written, its key's name: all or nothing, and on the disk when this returns.
    /// </summary>
    public abstract FileFacts Publish(TemporaryFile file, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken);

    /// <summary>Removes objects, and the folders that they leave empty. A missing one is success.</summary>
    public abstract void Delete(IReadOnlyList<StoreKey> keys, Place place, CancellationToken cancellationToken);

    /// <summary>The files and folders in a folder, in no order; null when it is missing. The empty path is the root.</summary>
    public abstract List<FolderItem>? ReadFolder(string path, Place place);

    /// <summary>What is known of some files of one folder, in their order; null for each that is missing or no regular file.</summary>
    public abstract void StatMany(string folder, ReadOnlySpan<string> names, Span<FileFacts?> facts, Place place);

    /// <summary>Removes temporary files that nobody can still be writing. Never fails: it is done again at the next open.</summary>
    public abstract void Sweep();

    /// <summary>Removes the folders that this store made beside those of its objects, as far as they are empty: <see cref="IStoreTraces"/>.</summary>
    public abstract void RemoveTraces(Place place);

    /// <summary>The disk of this machine.</summary>
    public static Disk For(LocalStoreOptions options, string storeName) =>
        OperatingSystem.IsLinux() && Environment.Is64BitProcess
            ? new LinuxDisk(options, storeName)
            : new PortableDisk(options, storeName, new KeyRules(OperatingSystem.IsWindows(), FoldsCase: OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()));
}

/// <summary>An object's file, opened for reading.</summary>
internal readonly record struct OpenedFile(SafeFileHandle Handle, FileFacts Facts);

/// <summary>A file or folder in a folder. The name of a folder ends with <c>/</c>, so that names sort as the keys below them do.</summary>
internal readonly record struct FolderItem(string Name)
{
    public bool IsFolder => Name.EndsWith('/');
}

/// <summary>A file that is being written. Disposing it removes it, unless it was published under a name of its own.</summary>
internal abstract class TemporaryFile : IDisposable
{
    public abstract SafeFileHandle Handle { get; }

    /// <summary>For messages.</summary>
    public abstract string Path { get; }

    public abstract void Dispose();
}
