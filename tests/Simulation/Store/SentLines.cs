using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>Which lines of commits each device has written. Mostly that is one for ever; where a writer has ended, what comes after it is in another line, and may be shown without it.</summary>
internal sealed class SentLines
{
    private readonly Dictionary<string, string> _first = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withMore = new(StringComparer.Ordinal);

    /// <summary>A device's put was done.</summary>
    public void Stored(string device, StoreKey key)
    {
        if (key.Value.Split('/') is [_, "commits", var writer, _] && !_first.TryAdd(device, writer) && _first[device] != writer)
            _withMore.Add(device);
    }

    /// <summary>Whether all that a device wrote is one line.</summary>
    public bool IsOne(Device device) => !_withMore.Contains(device.Name);
}
