using System.Runtime.CompilerServices;

namespace Coffer.Stores.Sftp;

/// <summary>An object or, without attributes, a common prefix.</summary>
internal readonly record struct ListedEntry(StoreKey Key, SftpAttributes? Attributes);

/// <summary>
/// A walk through the folders in the order of whole keys. A folder's name takes part with a <c>/</c> behind it, so that <c>a.txt</c> comes before <c>a/b</c> and that
/// before <c>a0</c>. What is held are the names of the folders from the root to where the walk is, and of the few that are read ahead.
/// </summary>
/// <param name="readFolder">Gives what is in a folder below the root, in no order; null when it is missing.</param>
/// <param name="rules">Which names are keys.</param>
/// <param name="prefix">What the names begin with.</param>
/// <param name="options">How to list.</param>
internal sealed class Listing(Func<string, CancellationToken, Task<List<SftpName>?>> readFolder, KeyRules rules, string prefix, ListOptions options)
{
    /// <summary>How many folders are read at a time: each takes two round trips.</summary>
    private const int Ahead = 8;

    /// <summary>The entries, in order.</summary>
    public async IAsyncEnumerable<ListedEntry> WalkAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A prefix is raw text and may hold what no key can ("../"), under which there is nothing.
        var slash = prefix.LastIndexOf('/');
        var start = slash < 0 ? "" : prefix[..slash];
        if (slash >= 0 && (!StoreKey.TryParse(start, out var folder) || rules.Fault(folder) is not null))
            yield break;
        var levels = new Stack<Level>();
        levels.Push(new Level(start, await ReadAsync(start, cancellationToken)));
        while (levels.TryPeek(out var level))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (level.Position == level.Items.Count)
            {
                levels.Pop();
                continue;
            }
            var item = level.Items[level.Position];
            if (!item.IsFolder)
            {
                level.Position++;
                yield return new ListedEntry(StoreKey.Parse(RemotePath.Join(level.Path, item.Name)), item.Attributes);
                continue;
            }
            var path = RemotePath.Join(level.Path, item.Name[..^1]);
            var items = await NextFolderAsync(level, cancellationToken);
            level.Position++;
            if (!options.Shallow)
                levels.Push(new Level(path, items));
            else if (items.Count > 0)
                yield return new ListedEntry(StoreKey.Parse(path), null);
        }
    }

    /// <summary>What is in the folder at which the walk is; in a shallow listing only whether there is something. The next ones are begun meanwhile.</summary>
    private Task<List<FolderItem>> NextFolderAsync(Level level, CancellationToken cancellationToken)
    {
        for (level.Begun = Math.Max(level.Begun, level.Position); level.Begun < level.Items.Count && level.Reading.Count < Ahead; level.Begun++)
        {
            if (!level.Items[level.Begun].IsFolder)
                continue;
            var path = RemotePath.Join(level.Path, level.Items[level.Begun].Name[..^1]);
            level.Reading.Enqueue(options.Shallow ? FirstObjectAsync(path, cancellationToken) : ReadAsync(path, cancellationToken));
        }
        return level.Reading.Dequeue();
    }

    /// <summary>A folder's names that can lead to an entry that was asked for, in order.</summary>
    private async Task<List<FolderItem>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var items = (await ItemsAsync(path, cancellationToken)).FindAll(item => options.Reaches(prefix, RemotePath.Join(path, item.Name)));
        items.Sort(static (left, right) => Utf8Order.Compare(left.Name, right.Name));
        return items;
    }

    private async Task<List<FolderItem>> ItemsAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<FolderItem>();
        foreach (var (name, attributes) in await readFolder(path, cancellationToken) ?? [])
        {
            if (name is not null && (attributes.IsFile || attributes.IsFolder) && StoreKey.TryParse(RemotePath.Join(path, name), out var key) && rules.Fault(key) is null)
                items.Add(new FolderItem(attributes.IsFolder ? name + "/" : name, attributes));
        }
        return items;
    }

    /// <summary>An object somewhere in a folder; none when there is none.</summary>
    private async Task<List<FolderItem>> FirstObjectAsync(string path, CancellationToken cancellationToken)
    {
        var items = await ItemsAsync(path, cancellationToken);
        if (items.Exists(static item => !item.IsFolder))
            return [items.Find(static item => !item.IsFolder)];
        foreach (var folder in items)
        {
            if (await FirstObjectAsync(RemotePath.Join(path, folder.Name[..^1]), cancellationToken) is { Count: > 0 } found)
                return found;
        }
        return [];
    }

    /// <summary>A file or folder in a folder. The name of a folder ends with <c>/</c>, so that names sort as the keys below them do.</summary>
    private readonly record struct FolderItem(string Name, SftpAttributes Attributes)
    {
        public bool IsFolder => Name.EndsWith('/');
    }

    private sealed class Level(string path, List<FolderItem> items)
    {
        public string Path => path;

        public List<FolderItem> Items => items;

        /// <summary>Where the walk is.</summary>
        public int Position { get; set; }

        /// <summary>Up to where folders were begun.</summary>
        public int Begun { get; set; }

        /// <summary>The folders from the position on that are being read, in order.</summary>
        public Queue<Task<List<FolderItem>>> Reading { get; } = new();
    }
}
