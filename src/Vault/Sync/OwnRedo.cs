using System.Security.Cryptography;
using Coffer.Vaults.Files;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Writes again, under a new writer and with their record ids, what this person had written and what a cut-off took, or what waits because a clock stood wrong, as soon as this person may write. Record ids see to it that it counts once, however many devices do so.
/// </summary>
internal sealed class OwnRedo(VaultDevice device, FileLibrary library, CommitPump pump)
{
    /// <summary>Looks for such records and commits them. What cannot be read again is left; it was reported when it was refused.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (device.Level < AccessLevel.Write)
            return;
        foreach (var row in device.Records.OwnThatCountNoMore(device.Me, device.Now))
        {
            // Of several copies that were cut off one is enough.
            if (device.OwnWriters.WasRewritten(row.Place) || device.Records.Counts(device.Me, row.Record))
                continue;
            RecordPlan? plan = row.IsDelete
                ? new DeletePlan { Space = Spaces.Files, Path = row.Path, Id = row.Record }
                : await PlanAsync(row, cancellationToken);
            if (plan is null)
                continue;
            await pump.CommitAsync(new CommitRequest([plan])).WaitAsync(cancellationToken);
            device.OwnWriters.MarkRewritten(row.Place);
        }
    }

    private async Task<PutPlan?> PlanAsync(FileRow row, CancellationToken cancellationToken)
    {
        var version = FileVersion.Of(row, isExpired: false);
        LocatedContent content;
        try
        {
            content = await library.ContentAsync(version, device.Files.Body(row.Row), cancellationToken);
        }
        catch (Exception fault) when (fault is VaultException or CryptographicException)
        {
            return null;
        }
        return new PutPlan
        {
            Space = Spaces.Files,
            Path = row.Path,
            Id = row.Record,
            Modified = row.Modified,
            Attributes = row.Attributes,
            ContentEnd = row.ContentEnd,
            Small = content.Small,
            Body = content.Body,
            Objects = content.Objects,
        };
    }
}
