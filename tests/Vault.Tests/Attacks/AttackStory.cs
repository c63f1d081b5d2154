using Coffer.Vaults.Tests.Scenarios;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>What was written, in which objects it came to the store, and so what may be lost with which object: by how it was made, not by what the vault says.</summary>
internal sealed class AttackStory(IStore store, string realm)
{
    private readonly List<Step> _steps = [];
    private readonly List<(FileVersion Version, byte[] Content)> _written = [];
    private StoreKey[] _packs = [];
    private HashSet<StoreKey> _standing = [];

    /// <summary>Everything that was ever written: whatever is shown is among it.</summary>
    public ILookup<string, (FileVersion Version, byte[] Content)> Written => _written.ToLookup(static write => write.Version.Path);

    /// <summary>What every file has, as its newest version.</summary>
    public Dictionary<string, (FileVersion Version, byte[] Content)> Files { get; } = [];

    /// <summary>The first commit of all.</summary>
    public StoreKey Began => _steps[0].Commit;

    /// <summary>Does something that writes at most one commit, and notes what came to the store with it.</summary>
    public async Task StepAsync(string? path, Func<Task> act)
    {
        var before = await KeysAsync();
        await act();
        var added = await KeysAsync();
        added.ExceptWith(before);
        foreach (var commit in added.Where(key => key.Value.StartsWith($"{realm}/commits/", StringComparison.Ordinal)))
            _steps.Add(new Step(commit, path, [.. added.Where(key => key.Value.StartsWith($"{realm}/data/", StringComparison.Ordinal))]));
    }

    /// <summary>Writes a file.</summary>
    public Task WriteAsync(Vault vault, string path, int length, WriteOptions? options = null) => StepAsync(path, async () =>
    {
        var content = Testing.Pattern.Bytes((ulong)_written.Count, length);
        var version = await vault.WriteAsync(path, FileContent.FromBytes(content), options);
        Files[path] = (version, content);
        _written.Add((version, content));
    });

    /// <summary>Deletes a file.</summary>
    public Task DeleteAsync(Vault vault, string path) => StepAsync(path, async () =>
    {
        await vault.DeleteAsync(path);
        Files.Remove(path);
    });

    /// <summary>Notes where everything stands in the end.</summary>
    public async Task EndAsync()
    {
        _standing = await KeysAsync();
        _packs = [.. _standing.Where(key => key.Value.StartsWith($"{realm}/packs/", StringComparison.Ordinal))];
    }

    /// <summary>The files that can be lost with these objects.</summary>
    /// <param name="objects">What the store does not show as it is.</param>
    /// <param name="isNew">Whether a device has seen nothing yet: for it, what a writer wrote after a commit that is missing is missing as well, and all of it without the ledger.</param>
    public HashSet<string> Losses(HashSet<StoreKey> objects, bool isNew)
    {
        if (isNew && objects.Any(key => key.Value.StartsWith($"{realm}/ledger/", StringComparison.Ordinal)))
            return [.. _steps.Select(static step => step.Path).OfType<string>()];
        var broken = _steps.Where(step => objects.Overlaps(StandsIn(step))).ToHashSet();
        return [.. _steps.Where(step => broken.Contains(step) || objects.Overlaps(step.Bodies) || (isNew && broken.Any(before => IsAfter(step, before)))).Select(static step => step.Path).OfType<string>()];
    }

    /// <summary>Whether a finding is about one of these objects, or what stands in it.</summary>
    public bool IsAbout(Finding finding, HashSet<StoreKey> objects) => objects.Any(key =>
    {
        var name = key.Value[(realm.Length + 1)..];
        // A block that does not count ends the ledger before all that stands behind it.
        return finding.Subject == name
            || (name.StartsWith("ledger/", StringComparison.Ordinal) && finding.Subject.StartsWith("ledger/", StringComparison.Ordinal))
            || finding.Subject == "pack " + name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]
            || _steps.Any(step => StandsIn(step).Contains(key) && finding.Subject.StartsWith("commit " + step.Commit.Value[$"{realm}/commits/".Length..], StringComparison.Ordinal));
    });

    private StoreKey[] StandsIn(Step step) => _standing.Contains(step.Commit) ? [step.Commit] : _packs;

    private static bool IsAfter(Step step, Step before) =>
        step.Place.Writer == before.Place.Writer && string.CompareOrdinal(step.Place.Number, before.Place.Number) > 0;

    private async Task<HashSet<StoreKey>> KeysAsync() => [.. (await store.KeysAsync(realm + "/")).Select(static key => StoreKey.Parse(key))];
}
