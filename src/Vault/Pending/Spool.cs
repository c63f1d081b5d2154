using Coffer.Vaults.Databases;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>The folder beside the state with contents that are too large for a row of it: one file for each call that was accepted, sealed as bodies are on the store, each body under a key of its own.</summary>
internal sealed class Spool(VaultDevice device)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private const int MostPauses = 100;
    private const int MostNames = 3;

    private string Folder => device.Paths.Spool;

    private PendingTable Table => device.Pending;

    /// <summary>A new file, which nobody else touches until it is disposed.</summary>
    /// <param name="reserve">Told of the bytes before they are written; throws when there is no room for them.</param>
    public SpoolFile Create(Action<long> reserve)
    {
        if (!Directory.Exists(Folder))
        {
            LocalPaths.CreateFolder(Folder);
            FolderSync.Flush(device.Paths.Folder);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new SpoolFile(Path.Combine(Folder, NewName()), device.Environment.Workers, reserve);
            }
            catch (IOException) when (attempt < MostNames)
            {
                // Another process swept it in the instant before it was held. The next one has another name.
            }
        }
    }

    private string NewName()
    {
        Span<byte> name = stackalloc byte[16];
        device.Environment.Random.Fill(name);
        return Convert.ToHexStringLower(name);
    }

    /// <summary>Opens a file to read its pieces. Who wrote it may hold it for a moment still.</summary>
    /// <exception cref="FileNotFoundException">It is not there any more.</exception>
    public async Task<SpoolReader> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, name);
        for (var pauses = 0; ; pauses++)
        {
            try
            {
                return new SpoolReader(path);
            }
            catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException) && pauses < MostPauses)
            {
                await Task.Delay(Pause, device.Time, cancellationToken);
            }
        }
    }

    /// <summary>Deletes what no entry of the queue names and nobody holds: what was sent or cancelled, and what a process left that ended while it accepted.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.EnumerateFiles(Folder))
            TryDelete(path);
    }

    /// <summary>Deletes a file unless an entry names it.</summary>
    public void Release(string name) => TryDelete(Path.Combine(Folder, name));

    private void TryDelete(string path)
    {
        if (Table.Names(Path.GetFileName(path)))
            return;
        try
        {
            // Who accepts holds the file until the entry that names it is there, so whoever has it now sees that entry.
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1);
            if (!Table.Names(Path.GetFileName(path)))
                File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Somebody has it; it is swept another time.
        }
    }
}
