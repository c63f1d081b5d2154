using Coffer.Vaults.Bodies;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Housekeeping;

/// <summary>
/// Finds the objects in <c>data/</c> that may go: those whose bodies have all ended, and those that no commit names; each only when the grace time has passed, by the store's own time. What a waiting commit names stays,
/// and what a refused one names stays for the grace time after it was written.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="known">When the complete listing began of which the index has everything, by the store's time. What is younger than the grace time before it is kept.</param>
internal sealed class BodySweeper(VaultDevice device, DateTimeOffset known)
{
    /// <summary>How long an object is kept after nobody needs it any more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private readonly long _latest = (known - Grace).ToUnixTimeMilliseconds();

    /// <summary>Lists the bodies. Gives those that may go, or as many of them as one housekeeping deletes, and whether these are all.</summary>
    public async Task<(List<ObjectInfo> Ended, bool All)> FindAsync(CancellationToken cancellationToken)
    {
        var most = device.Environment.Bounds.Swept;
        var found = new List<ObjectInfo>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Data, cancellationToken: cancellationToken))
        {
            if (device.Names.ParseObject(entry.Key) is not { } name || !MayGo(name, entry))
                continue;
            if (found.Count == most)
                return (found, All: false);
            found.Add(entry);
        }
        return (found, All: true);
    }

    /// <summary>
    /// Forgets what nobody needs any more: it was among what was listed, and is deleted now, or another peer has deleted it before.
    /// </summary>
    public void Forget()
    {
        foreach (var name in device.Objects.PerhapsEnded(_latest).Where(HasEnded))
            device.Objects.Forget(name);
    }

    /// <summary>One that was put again under an old name would be young, whatever names it.</summary>
    private bool MayGo(ObjectName name, ObjectInfo entry) => entry.LastModified is { } modified && modified.ToUnixTimeMilliseconds() <= _latest && HasEnded(name);

    /// <summary>Whether nobody needs an object since a moment, or nobody at all.</summary>
    private bool HasEnded(ObjectName name)
    {
        foreach (var reference in device.Objects.ReferencesTo(name))
        {
            var ended = reference.IsRefused ? reference.Written.Milliseconds : reference.Ends;
            if (!RecordEnds.HasPassed(ended, _latest))
                return false;
        }
        return true;
    }
}
