using Coffer.Vaults.Encoding;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Vaults.Transfers;

/// <summary>
/// A large local file that is being written, beside its place and under a name that tells which one it is to be, so that a later call finds what an earlier one was cut off from. It is held against all others, among all
/// processes, while it is open. What it holds is believed by nobody: each piece is sealed again and must have the root that was signed.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private PartialFile(string path, SafeFileHandle handle, bool isResumed) => (Path, Handle, IsResumed) = (path, handle, isResumed);

    public string Path { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Whether an earlier call began it.</summary>
    public bool IsResumed { get; }

    /// <summary>Whether what was begun for a place may be left beside it: not where everybody may write, because somebody else could have put it there to read along.</summary>
    /// <param name="destination">The full path that the file is to have.</param>
    public static bool MayStay(string destination) =>
        OperatingSystem.IsWindows() || (Directory.Exists(FolderOf(destination)) && !File.GetUnixFileMode(FolderOf(destination)).HasFlag(UnixFileMode.OtherWrite));

    /// <summary>A path for a new one.</summary>
    /// <param name="destination">The full path that the file is to have.</param>
    /// <param name="random">Gives the name.</param>
    public static string NewPath(string destination, IRandomSource random)
    {
        Span<byte> name = stackalloc byte[8];
        random.Fill(name);
        return System.IO.Path.Combine(FolderOf(destination), $"{PrefixOf(destination)}{Convert.ToHexStringLower(name)}.part");
    }

    /// <summary>Takes up what an earlier call began for this place, or begins anew.</summary>
    /// <param name="destination">The full path that the file is to have.</param>
    /// <param name="length">Its length in bytes, for which room is made where the system can.</param>
    /// <param name="fresh">The path of a new one.</param>
    public static PartialFile Open(string destination, long length, string fresh)
    {
        foreach (var path in Leftovers(destination))
        {
            if (TryHold(path) is { } handle)
                return new PartialFile(path, handle, isResumed: true);
        }
        return new PartialFile(fresh, File.OpenHandle(fresh, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, length), isResumed: false);
    }

    /// <summary>Removes what earlier calls began for a place and nobody has open.</summary>
    public static void Sweep(string destination)
    {
        foreach (var path in Leftovers(destination))
        {
            if (TryHold(path) is not { } handle)
                continue;
            handle.Dispose();
            File.Delete(path);
        }
    }

    private static List<string> Leftovers(string destination) =>
        MayStay(destination) ? [.. Directory.EnumerateFiles(FolderOf(destination), PrefixOf(destination) + "*.part").Order(StringComparer.Ordinal)] : [];

    private static SafeFileHandle? TryHold(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string FolderOf(string destination) => System.IO.Path.GetDirectoryName(destination)!;

    private static string PrefixOf(string destination) =>
        $".coffer-{Convert.ToHexStringLower(Digest.Of(System.Text.Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(destination))).ToArray().AsSpan(0, 8))}-";

    public void Dispose() => Handle.Dispose();
}
