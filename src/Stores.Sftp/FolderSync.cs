namespace Coffer.Stores.Sftp;

/// <summary>
/// Syncs folders on a connection, one at a time each: who comes while a folder is being synced shares the next sync with all who come meanwhile. So everybody gets a sync
/// that began after the call, and many puts into one folder pay for few of them.
/// </summary>
/// <param name="sync">Syncs a folder once.</param>
internal sealed class FolderSync(Func<string, Task> sync)
{
    private readonly Lock _lock = new();

    /// <summary>The folders that are being synced, each with those who wait for its next sync; null while there are none.</summary>
    private readonly Dictionary<string, TaskCompletionSource?> _waiting = new(StringComparer.Ordinal);

    /// <summary>Waits for a sync of a folder that begins now or later.</summary>
    /// <param name="folder">Its path on the server.</param>
    public Task RunAsync(string folder)
    {
        TaskCompletionSource turn;
        bool isFirst;
        lock (_lock)
        {
            isFirst = !_waiting.TryGetValue(folder, out var next);
            turn = next ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting[folder] = isFirst ? null : turn;
        }
        if (isFirst)
            _ = RunTurnsAsync(folder, turn);
        return turn.Task;
    }

    private async Task RunTurnsAsync(string folder, TaskCompletionSource? turn)
    {
        while (turn is not null)
        {
            var syncing = sync(folder);
            // How it ended is for those who wait for this turn; the next one tries again.
            await Task.WhenAny(syncing);
            turn.SetFromTask(syncing);
            lock (_lock)
            {
                turn = _waiting[folder];
                if (turn is null)
                    _waiting.Remove(folder);
                else
                    _waiting[folder] = null;
            }
        }
    }
}
