using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Housekeeping;

/// <summary>Looks after the index once a day: whether its file is whole, and what SQLite wants to know of its tables to read them fast.</summary>
internal sealed class IndexCare(VaultDevice device)
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Checks the index when that is due. False when its file is damaged, so that it has to be made anew.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        if (!device.IsDue(device.Status.IndexChecked, Interval))
            return true;
        var isWhole = false;
        // A large file takes seconds to read, so the check has a connection of its own: what comes meanwhile does not wait for it.
        await device.Environment.Workers.RunAsync(() => isWhole = IndexFile.IsWhole(device.Paths, device.Database.Generation), cancellationToken);
        if (!isWhole)
            return false;
        device.Database.Optimize();
        device.Status.IndexChecked = device.Now;
        return true;
    }
}
