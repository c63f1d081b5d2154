namespace Coffer.Simulation;

/// <summary>What a device showed at some moment, to be held against the order of versions on which all devices agree in the end.</summary>
/// <param name="Device">Who showed it.</param>
/// <param name="Path">Of which file.</param>
/// <param name="Shown">The ids in the order in which they were shown; of a look at the newest alone, that one, or nothing when there was none.</param>
/// <param name="IsNewest">Only the newest was asked for.</param>
/// <param name="NotOlderThan">Versions that this device had had acknowledged when it was asked: what it shows as the newest is none that lies before them.</param>
/// <param name="Moment">When it had been shown. What this device is asked to write later comes later in the order.</param>
internal sealed record Promise(Device Device, string Path, IReadOnlyList<string> Shown, bool IsNewest, IReadOnlyList<string> NotOlderThan, long Moment)
{
    /// <summary>Which of the device's states showed it.</summary>
    public int Life { get; } = Device.Life;
}
