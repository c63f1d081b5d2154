using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Bench;

/// <summary>The least that a program does to have something on the disk for good, in the calls of Linux and without Coffer.</summary>
internal sealed class DurableDisk : IDisposable
{
    private const int ReadOnly = 0;

    private readonly string _path;
    private readonly SafeFileHandle _folder;
    private readonly SafeFileHandle _log;
    private long _appended;
    private int _objects;

    /// <param name="path">A folder, which is made.</param>
    public DurableDisk(string path)
    {
        _path = Directory.CreateDirectory(path).FullName;
        _folder = Open(_path, ReadOnly);
        if (_folder.IsInvalid)
            throw new IOException($"'{_path}' cannot be opened; errno {Marshal.GetLastPInvokeError()}.");
        _log = File.OpenHandle(Path.Combine(_path, "log"), FileMode.Create, FileAccess.Write);
    }

    /// <summary>What a durable object costs: a new file, written and synced, gets its name, and the folder is synced.</summary>
    public Task WriteObject(byte[] content)
    {
        var temporary = Path.Combine(_path, "temporary");
        using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            Require(Sync(file));
        }
        File.Move(temporary, Path.Combine(_path, $"object-{_objects++}"));
        Require(Sync(_folder));
        return Task.CompletedTask;
    }

    /// <summary>What a transaction of a database costs: an append to a log, and its data synced.</summary>
    public Task Append(byte[] content)
    {
        RandomAccess.Write(_log, content, _appended);
        _appended += content.Length;
        Require(SyncData(_log));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private void Require(int result)
    {
        if (result != 0)
            throw new IOException($"What was written to '{_path}' cannot be synced; errno {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(SafeFileHandle file);
}
