using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The versions that one device has shown, of each path. What it has shown once it shows for ever, unless a cut-off took it.</summary>
internal sealed class ShownVersions(Device device)
{
    private readonly Dictionary<string, long> _moments = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedDictionary<string, FileVersion>> _paths = new(StringComparer.Ordinal);

    /// <summary>Holds a look at all versions of a path against what this device had shown, and had had acknowledged, when the look began.</summary>
    public void Hold(string path, IReadOnlyList<FileVersion> versions, IReadOnlyList<string> own, long moment, TeamModel model, SimContext context)
    {
        var ids = versions.Select(version => version.Id).ToHashSet(StringComparer.Ordinal);
        if (ids.Count != versions.Count)
            context.Violation($"{device.Name} shows one version of '{path}' twice");
        foreach (var id in own.Where(id => !ids.Contains(id)))
            context.Violation($"{device.Name} does not show its own version {id} of '{path}', which was acknowledged");
        if (!_paths.TryGetValue(path, out var shown))
            _paths.Add(path, shown = new SortedDictionary<string, FileVersion>(StringComparer.Ordinal));
        foreach (var (id, version) in shown)
        {
            if (!ids.Contains(id) && _moments[id] < moment && !device.Time.HasJumped && !model.MayHaveEnded(version) && !model.Access.MayBeCutOff(version.Author))
                context.Violation($"{device.Name} went back: it does not show version {id} of '{path}' any more");
        }
        foreach (var version in versions)
        {
            shown.TryAdd(version.Id, version);
            _moments.TryAdd(version.Id, context.Moment());
        }
    }
}
