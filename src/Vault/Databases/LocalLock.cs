namespace Coffer.Vaults.Databases;

/// <summary>Something of a device's local files that one holder has to itself, among all processes: a lock of the operating system, which dies with the process.</summary>
internal sealed class LocalLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private LocalLock(FileStream file) => _file = file;

    /// <summary>Takes it; null when somebody else has it.</summary>
    public static LocalLock? TryTake(LocalPaths paths, string name)
    {
        Directory.CreateDirectory(paths.Locks);
        var path = Path.Combine(paths.Locks, name);
        try
        {
            return new LocalLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes it, and waits for it as long as somebody else has it.</summary>
    public static async Task<LocalLock> TakeAsync(LocalPaths paths, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(paths, name) is { } taken)
                return taken;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();
}
