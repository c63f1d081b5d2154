namespace Coffer.Simulation;

/// <summary>
/// Up to where an index has shown the work of each device. A device writes one line of commits, and none of it counts before all that stands in front of it: whoever shows a write shows what was acknowledged
/// before that was begun.
/// </summary>
internal sealed class ShownLines
{
    private readonly Dictionary<(Device Writer, int Life), long> _begun = [];

    /// <summary>Something that an attempt made was shown.</summary>
    public void Note(Attempt attempt)
    {
        var line = (attempt.Device, attempt.Life);
        _begun[line] = Math.Max(attempt.Began, _begun.GetValueOrDefault(line));
    }

    /// <summary>When the latest write was begun that was shown of a line; 0 for none.</summary>
    public long UpTo(Attempt attempt) => _begun.GetValueOrDefault((attempt.Device, attempt.Life));
}
