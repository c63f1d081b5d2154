using System.Security.Cryptography;
using Coffer.Vaults.Files;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Writes again, under a new writer and with their record ids, what this person had written and what a cut-off took, or what waits because a clock stood wrong, as soon as this person may write. Record ids see to it that it counts once, however many devices do so.
/// </summary>
internal sealed class OwnRedo(VaultDevice device, FileLibrary library)
{
    /// <summary>Looks for such records and commits them. What cannot be read again is left; it was reported when it was refused: what was cut off stays on the store for the grace time. What cannot be written now is tried again at the next sync.</summary>
    /// <param name="commit">Commits one record.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task RunAsync(Func<IReadOnlyList<RecordPlan>, CancellationToken, Task> commit, CancellationToken cancellationToken)
    {
        if (device.Level < AccessLevel.Write)
            return;
        foreach (var (row, body) in Lost())
        {
            // Of several copies that were cut off one is enough.
            if (device.Records.IsAccepted(device.Me, row.Record))
                continue;
            RecordPlan? plan = row.IsDelete
                ? new DeletePlan { Space = Spaces.Files, Path = row.Path, Id = row.Record, Recipient = row.Seal?.Recipient }
                : await PlanAsync(row, body, cancellationToken);
            if (plan is null)
                continue;
            try
            {
                await commit([plan], cancellationToken);
            }
            catch (Exception fault) when (fault is StoreException or VaultException)
            {
                return;
            }
            device.OwnWriters.MarkRewritten(row.Place);
        }
    }

    /// <summary>The records, read together with their bodies: the numbers of rows mean nothing once the index is another.</summary>
    private List<(FileRow Row, LocatedBody Body)> Lost()
    {
        lock (device.Database.Gate)
            return device.Records.OwnThatCountNoMore(device.Me, device.Now).FindAll(row => !device.OwnWriters.WasRewritten(row.Place)).ConvertAll(row => (row, device.Files.Body(row.Row)));
    }

    private async Task<PutPlan?> PlanAsync(FileRow row, LocatedBody body, CancellationToken cancellationToken)
    {
        try
        {
            return await library.PlanOfLostAsync(row, body, cancellationToken);
        }
        catch (Exception fault) when (fault is VaultException or CryptographicException)
        {
            return null;
        }
    }
}
