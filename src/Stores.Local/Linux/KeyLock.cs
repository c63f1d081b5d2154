using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// A lock between processes over a key (and those that share its number), for compare-and-replace. The kernel drops it when its holder dies.
/// It is held for a few system calls, never while anything is written or synced.
/// </summary>
internal static class KeyLock
{
    public const string Prefix = "lock-";
    private const uint FileMode = 0x1B6;
    private const int YieldsBeforeSleep = 50;

    /// <summary>Waits for the lock. Dispose it to let go.</summary>
    public static SafeFileHandle Take(SafeFileHandle hidden, StoreKey key, string hiddenPath, Place place, CancellationToken cancellationToken)
    {
        var name = $"{Prefix}{Number(key):x2}";
        while (true)
        {
            var file = Libc.Open(hidden, name, Libc.ReadOnly | Libc.Create | Libc.NoFollow, FileMode)
                ?? throw LocalErrors.FromErrno(Libc.LastError, "open the lock", hiddenPath + "/" + name, place);
            try
            {
                Wait(file, hiddenPath + "/" + name, place, cancellationToken);
                // Somebody may have removed the file meanwhile; a lock on a file without a name excludes nobody.
                if (LinuxFile.Status(file) is { Links: > 0 })
                    return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
            file.Dispose();
        }
    }

    private static void Wait(SafeFileHandle file, string path, Place place, CancellationToken cancellationToken)
    {
        for (var tries = 0; Libc.Flock(file, Libc.LockExclusive | Libc.LockWithoutWaiting) != 0; tries++)
        {
            if (Libc.LastError is not (Errno.Again or Errno.Interrupted))
                throw LocalErrors.FromErrno(Libc.LastError, "lock", path, place);
            cancellationToken.ThrowIfCancellationRequested();
            if (tries < YieldsBeforeSleep)
                Thread.Yield();
            else
                Thread.Sleep(1);
        }
    }

    /// <summary>FNV-1a over the key's bytes, folded to 8 bits. All processes must agree on it for ever.</summary>
    private static int Number(StoreKey key)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(key.Value))
            hash = unchecked((hash ^ b) * 16777619u);
        return (int)((hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24)) & 0xFF);
    }
}
