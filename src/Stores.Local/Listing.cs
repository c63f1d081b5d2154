namespace Coffer.Stores.Local;

/// <summary>An object or, without facts, a common prefix.</summary>
internal readonly record struct ListedEntry(StoreKey Key, FileFacts? Facts);

/// <summary>
/// A walk through the folders in the order of whole keys. A folder's name takes part with a <c>/</c> behind it, so that <c>a.txt</c> comes
/// before <c>a/b</c> and that before <c>a0</c>. What is held are the names of the folders from the root to where the walk is.
/// </summary>
internal sealed class Listing
{
    private readonly Disk _disk;
    private readonly string _prefix;
    private readonly ListOptions _options;
    private readonly Place _place;
    private readonly Stack<Level> _levels = new();

    public Listing(Disk disk, string prefix, ListOptions options, Place place)
    {
        (_disk, _prefix, _options, _place) = (disk, prefix, options, place);
        // A prefix is raw text and may hold what no key can ("../"), under which there is nothing.
        var slash = prefix.LastIndexOf('/');
        if (slash < 0)
            _levels.Push(new Level("", null));
        else if (StoreKey.TryParse(prefix[..slash], out var folder) && disk.Rules.Fault(folder) is null)
            _levels.Push(new Level(folder.Value, null));
    }

    /// <summary>The next entries, at most as many as asked for; none at the end.</summary>
    public List<ListedEntry> Next(int most, CancellationToken cancellationToken)
    {
        var batch = new List<ListedEntry>();
        while (batch.Count == 0 && _levels.TryPop(out var level))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (level.Items is null)
                level = level with { Items = Read(level.Path) };
            if (level.Position < level.Items.Count)
                Advance(level, Math.Max(1, most), batch);
        }
        return batch;
    }

    /// <summary>Takes the files up to the next folder, or that folder.</summary>
    private void Advance(Level level, int most, List<ListedEntry> batch)
    {
        var (items, end) = (level.Items!, level.Position);
        while (end < items.Count && end - level.Position < most && !items[end].IsFolder)
            end++;
        if (end > level.Position)
        {
            _levels.Push(level with { Position = end });
            AddFiles(level.Path, items.GetRange(level.Position, end - level.Position), batch);
            return;
        }
        _levels.Push(level with { Position = end + 1 });
        var folder = StoreKey.Parse(Join(level.Path, items[end].Name[..^1]));
        if (!_options.Shallow)
            _levels.Push(new Level(folder.Value, null));
        else if (HoldsObjects(folder.Value))
            batch.Add(new ListedEntry(folder, null));
    }

    private void AddFiles(string folder, List<FolderItem> files, List<ListedEntry> batch)
    {
        var names = files.ConvertAll(static file => file.Name).ToArray();
        var facts = new FileFacts?[names.Length];
        _disk.StatMany(folder, names, facts, _place);
        for (var i = 0; i < names.Length; i++)
        {
            if (facts[i] is { } known)
                batch.Add(new ListedEntry(StoreKey.Parse(Join(folder, names[i])), known));
        }
    }

    /// <summary>A folder's names that can lead to an entry that was asked for, in order.</summary>
    private List<FolderItem> Read(string path)
    {
        var items = _disk.ReadFolder(path, _place) ?? [];
        items.RemoveAll(item => !IsWanted(Join(path, item.Name), item.IsFolder));
        items.Sort(static (left, right) => Utf8Order.Compare(left.Name, right.Name));
        return items;
    }

    private bool IsWanted(string name, bool isFolder) =>
        StoreKey.TryParse(isFolder ? name[..^1] : name, out var key) && _disk.Rules.Fault(key) is null && _options.Reaches(_prefix, name);

    private bool HoldsObjects(string path)
    {
        var items = _disk.ReadFolder(path, _place) ?? [];
        foreach (var item in items)
        {
            if (!item.IsFolder && StoreKey.TryParse(Join(path, item.Name), out _))
                return true;
        }
        return items.Exists(item => item.IsFolder && StoreKey.TryParse(Join(path, item.Name[..^1]), out _) && HoldsObjects(Join(path, item.Name[..^1])));
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : folder + "/" + name;

    private sealed record Level(string Path, List<FolderItem>? Items, int Position = 0);
}
