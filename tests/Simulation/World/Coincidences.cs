using Coffer.Stores;
using Coffer.Vaults.Encoding;

namespace Coffer.Simulation;

/// <summary>Notices when things happen at the same time that are known to be dangerous together, and counts them: what never happened was not tested.</summary>
internal sealed class Coincidences(Counters counters)
{
    private readonly List<Device> _housekeepers = [];
    private readonly HashSet<string> _withBodyOnly = new(StringComparer.Ordinal);
    private string _packedUpTo = "";
    private int _rotations;

    /// <summary>The device does a round of housekeeping, until this is disposed.</summary>
    public IDisposable Housekeeping(Device device)
    {
        if (_housekeepers.Exists(other => other != device))
            counters.Add("coincidence two housekeepers");
        if (_rotations > 0)
            counters.Add("coincidence housekeeping during a rotation");
        _housekeepers.Add(device);
        return new Span(() => _housekeepers.Remove(device));
    }

    /// <summary>A key is rotated, or read access taken, until this is disposed.</summary>
    public IDisposable Rotating()
    {
        if (_rotations > 0)
            counters.Add("coincidence two rotations");
        if (_housekeepers.Count > 0)
            counters.Add("coincidence a rotation during housekeeping");
        _rotations++;
        return new Span(() => _rotations--);
    }

    /// <summary>A device's put was done.</summary>
    public void Stored(string device, StoreKey key, byte[] bytes)
    {
        switch (key.Value.Split('/'))
        {
            case [_, "data", ..]:
                _withBodyOnly.Add(device);
                break;
            case [_, "commits", ..]:
                _withBodyOnly.Remove(device);
                if (string.CompareOrdinal(Base32Hex.Format(StoredCommit.Of(key.Value, bytes).Clock), _packedUpTo) < 0)
                    counters.Add("coincidence a commit that is late for a packed time");
                break;
            case [_, "packs", var name] when name.Split('-') is [_, var to, _] && string.CompareOrdinal(to, _packedUpTo) > 0:
                _packedUpTo = to;
                break;
        }
    }

    /// <summary>A device's put found its name taken.</summary>
    public void WasTaken(StoreKey key)
    {
        if (key.Value.Split('/') is [_, var folder, ..])
            counters.Add($"coincidence a name was taken in {folder}");
    }

    /// <summary>A process dies. Gives whether it had put a body, and no commit that names it.</summary>
    public bool Died(Device device)
    {
        var hadBodyOnly = _withBodyOnly.Remove(device.Name);
        if (hadBodyOnly)
            counters.Add("coincidence a death between a body and its commit");
        if (_housekeepers.Contains(device))
            counters.Add("coincidence a death during housekeeping");
        if (_rotations > 0)
            counters.Add("coincidence a death during a rotation");
        return hadBodyOnly;
    }

    private sealed class Span(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
