namespace Coffer.Simulation;

/// <summary>Notices when things happen at the same time that are known to be dangerous together, and counts them: what never happened was not tested.</summary>
internal sealed class Coincidences(Counters counters)
{
    private readonly List<Device> _housekeepers = [];
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

    /// <summary>A process dies.</summary>
    public void Died(Device device)
    {
        if (_housekeepers.Contains(device))
            counters.Add("coincidence a death during housekeeping");
        if (_rotations > 0)
            counters.Add("coincidence a death during a rotation");
    }

    private sealed class Span(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
