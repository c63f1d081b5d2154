using Coffer.Cli.Interop;
using Coffer.Vaults.Naming;

namespace Coffer.Cli.Files;

/// <summary>
/// Walks a file, or a folder with all below it, in the order of names. Links are not followed. What cannot be kept, or not be read, is told and passed over, and
/// the rest goes on.
/// </summary>
/// <param name="fault">Told of what is passed over: its local path, and why.</param>
internal sealed class LocalTree(Action<string, string> fault)
{
    // Who may not enter a folder should not be let in by a copy of it.
    private const UnixFileMode OpenToAll = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public IEnumerable<LocalEntry> Walk(string localPath, string vaultPath)
    {
        var pending = new Stack<(FileSystemInfo Info, string VaultPath)>();
        pending.Push((InfoOf(localPath), vaultPath));
        while (pending.TryPop(out var next))
        {
            var (info, path) = next;
            var (entry, below) = Look(info, path);
            if (below is not null)
            {
                foreach (var child in below.OrderByDescending(child => child.Name, StringComparer.Ordinal))
                    pending.Push((child, path.Length == 0 ? child.Name : $"{path}/{child.Name}"));
            }
            if (entry is not null)
                yield return entry;
        }
    }

    private static FileSystemInfo InfoOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null && Directory.Exists(path) ? new DirectoryInfo(path) : file;
    }

    /// <summary>What there is to keep of one name, and what is below it. Both are null when it was passed over.</summary>
    private (LocalEntry? Entry, List<FileSystemInfo>? Below) Look(FileSystemInfo info, string path)
    {
        if (Fault(info, path) is { } reason)
        {
            fault(info.FullName, reason);
            return (null, null);
        }
        try
        {
            if (info.Attributes.HasFlag(FileAttributes.ReparsePoint) && info.LinkTarget is { } target)
                return (Link(info, path, target), null);
            if (info is DirectoryInfo folder)
            {
                List<FileSystemInfo> below = [.. folder.EnumerateFileSystemInfos("*", Everything)];
                return (path.Length > 0 && NeedsRecord(folder, below) ? Entry(info, path, 0, EntryKind.Folder) : null, below);
            }
            var size = ((FileInfo)info).Length;
            if (size == 0 && LinuxFileType.Special(info.FullName) is { } special)
            {
                fault(info.FullName, $"it is {special}, and only files, folders and symbolic links are kept");
                return (null, null);
            }
            return (Entry(info, path, size, EntryKind.File), null);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // Only looked at here: what is denied is not that a folder would have been opened as a file.
            fault(info.FullName, e is UnauthorizedAccessException ? "permission denied" : FileFault.Reason(e, info.FullName));
            return (null, null);
        }
    }

    private static string? Fault(FileSystemInfo info, string path)
    {
        // The framework shows bytes that are no UTF-8 as U+FFFD, and finds nothing under the name that it gives.
        if (info.Name.Contains('\uFFFD', StringComparison.Ordinal) && (int)info.Attributes == -1)
            return "its name is not valid UTF-8";
        if ((int)info.Attributes == -1)
            return "there is no such file or folder";
        return path.Length > 0 && VaultPath.Fault(path) is { } reason ? $"a vault cannot keep this name: {reason}" : null;
    }

    private LocalEntry? Link(FileSystemInfo info, string path, string target)
    {
        if (target.Contains('\uFFFD', StringComparison.Ordinal))
        {
            fault(info.FullName, "the target of this symbolic link is not valid UTF-8");
            return null;
        }
        return new LocalEntry(info.FullName, path, 0, new EntryFacts(EntryKind.Link) { Target = target, ModifiedUtc = info.LastWriteTimeUtc });
    }

    private static LocalEntry Entry(FileSystemInfo info, string path, long size, EntryKind kind) =>
        new(info.FullName, path, size, new EntryFacts(kind)
        {
            Mode = OperatingSystem.IsWindows() ? null : info.UnixFileMode & EntryFacts.KeptMode,
            ModifiedUtc = info.LastWriteTimeUtc,
        });

    private static bool NeedsRecord(DirectoryInfo folder, List<FileSystemInfo> below) =>
        below.Count == 0 || (!OperatingSystem.IsWindows() && (folder.UnixFileMode & OpenToAll) != OpenToAll);
}
