namespace Coffer.Vaults.Housekeeping;

/// <summary>Asks the store for its time.</summary>
internal static class StoreClock
{
    /// <summary>
    /// The store's time, or a little before it. A listing or a stat tells it on most stores; where it does not, the change marker is written, which everybody may at any time, and the time of what was just written is the store's.
    /// Null where even that tells none.
    /// </summary>
    public static async Task<DateTimeOffset?> ReadAsync(VaultDevice device, CancellationToken cancellationToken)
    {
        var asked = Moment.Now(device.Time);
        if ((await device.Store.StatAsync(device.Names.Marker, cancellationToken))?.StoreTime is { } told)
            return Noted(told, asked);
        asked = Moment.Now(device.Time);
        var written = await Sync.MarkerFlusher.WriteAsync(device, cancellationToken);
        return (written.StoreTime ?? written.LastModified) is { } time ? Noted(time, asked) : null;

        DateTimeOffset Noted(DateTimeOffset time, Moment asked)
        {
            device.StoreTime.Note(time, asked);
            return time;
        }
    }
}
