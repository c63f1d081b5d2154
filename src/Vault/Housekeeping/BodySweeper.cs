using Coffer.Vaults.Bodies;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Housekeeping;

/// <summary>
/// Finds the objects in <c>data/</c> that may go: those whose bodies have all ended, and those that no commit names; each only when the grace time has passed, by the store's own time. What a waiting commit names stays,
/// and what a refused one names stays for the grace time after it was written.
/// </summary>
internal sealed class BodySweeper(VaultDevice device)
{
    /// <summary>How long an object is kept after nobody needs it any more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>Lists the bodies.</summary>
    /// <param name="known">When the complete listing began of which the index has everything, by the store's time. What is younger than the grace time before it is kept.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<List<ObjectInfo>> FindAsync(DateTimeOffset known, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        var latest = (known - Grace).ToUnixTimeMilliseconds();
        await foreach (var entry in device.Store.ListAsync(device.Names.Data, cancellationToken: cancellationToken))
        {
            if (device.Names.ParseObject(entry.Key) is { } name && MayGo(name, entry, latest))
                found.Add(entry);
        }
        return found;
    }

    private bool MayGo(ObjectName name, ObjectInfo entry, long latest)
    {
        // One that was put again under an old name would be young, whatever names it.
        if (entry.LastModified is not { } modified || modified.ToUnixTimeMilliseconds() > latest)
            return false;
        foreach (var reference in device.Objects.ReferencesTo(name))
        {
            var ended = reference.IsRefused ? reference.Written.Milliseconds : reference.Ends;
            if (!RecordEnds.HasPassed(ended, latest))
                return false;
        }
        return true;
    }
}
