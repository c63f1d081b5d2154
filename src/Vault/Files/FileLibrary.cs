using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Files;

/// <summary>Looks up files in the index, and reads their contents from the store.</summary>
internal sealed class FileLibrary(VaultDevice device, PiecePool pool)
{
    private const int PageSize = 500;

    /// <summary>Sorts behind every path: as many of the last character as no path has bytes for.</summary>
    private static readonly string BehindAll = string.Concat(Enumerable.Repeat("\U0010FFFF", (VaultPath.MaxBytes / 4) + 1));

    /// <summary>The newest version; null when there is none, or it is a delete, or expired.</summary>
    public FileVersion? Stat(string path) => device.Files.Newest(Spaces.Files, VaultPath.Check(path)) is { IsDelete: false } row && !row.IsExpired(device.Now) ? FileVersion.Of(row, isExpired: false) : null;

    /// <summary>All versions and deletes, oldest first.</summary>
    public IReadOnlyList<FileVersion> Versions(string path)
    {
        var rows = device.Files.Versions(Spaces.Files, VaultPath.Check(path));
        var versions = new FileVersion[rows.Count];
        var expired = false;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            expired |= rows[i].IsExpired(device.Now);
            versions[i] = FileVersion.Of(rows[i], expired);
        }
        return versions;
    }

    /// <summary>The version that is to be read, and its body.</summary>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    public (FileVersion Version, LocatedBody Body) Locate(string path, string? versionId)
    {
        VaultPath.Check(path);
        // The record and its body come from one and the same index.
        lock (device.Database.Gate)
            return LocateHere(path, versionId);
    }

    private (FileVersion Version, LocatedBody Body) LocateHere(string path, string? versionId)
    {
        var rows = versionId is null ? [] : device.Files.Versions(Spaces.Files, path);
        var row = versionId is null ? device.Files.Newest(Spaces.Files, path) : rows.Find(candidate => FileVersion.IdOf(candidate.Author, candidate.Record) == versionId);
        if (row is null)
            throw new FileNotFoundInVaultException(path, versionId is null ? "nothing was ever written there" : $"it has no version {versionId}");
        if (row.IsDelete)
            throw new FileNotFoundInVaultException(path, versionId is null ? "it was deleted; an older version can still be read by its id" : "that version is a delete");
        if (row.IsExpired(device.Now) || rows.Exists(later => later.Place.AsSpan().SequenceCompareTo(row.Place) > 0 && later.IsExpired(device.Now)))
            throw new FileNotFoundInVaultException(path, "its time has ended");
        return (FileVersion.Of(row, isExpired: false), device.Files.Body(row.Row));
    }

    /// <summary>A reader of a body.</summary>
    public BodyReader Reader(FileVersion version, LocatedBody body) =>
        new(body.Body, new PieceStore(device, body.Commit, body.TailOffset, version.Path), device.Environment.Workers, pool);

    /// <summary>The next entries of a folder, up to one page.</summary>
    /// <param name="folder">Empty, or with a trailing <c>/</c>.</param>
    /// <param name="recursive">All files below it.</param>
    /// <param name="after">The last entry of the page before; null for the first page.</param>
    public List<FolderEntry> Page(string folder, bool recursive, string? after)
    {
        var before = folder.Length == 0 ? BehindAll : folder[..^1] + '0';
        var start = Later(folder, after is null ? "" : after.EndsWith('/') ? after + BehindAll : after);
        return recursive ? PageOfFiles(start, before) : PageOfLevel(folder, start, before, after);
    }

    private static string Later(string left, string right) => Utf8Order.Compare(left, right) >= 0 ? left : right;

    private List<FolderEntry> PageOfFiles(string start, string before)
    {
        var entries = new List<FolderEntry>();
        while (entries.Count < PageSize && device.Files.Between(Spaces.Files, start, before, PageSize) is { Count: > 0 } rows)
        {
            entries.AddRange(rows.Where(row => !row.IsExpired(device.Now)).Select(ToEntry));
            start = rows[^1].Path;
        }
        return entries;
    }

    private List<FolderEntry> PageOfLevel(string folder, string start, string before, string? after)
    {
        var entries = new List<FolderEntry>();
        while (entries.Count < PageSize && device.Files.Between(Spaces.Files, start, before, PageSize) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                if (Utf8Order.Compare(row.Path, start) < 0)
                    continue;
                start = row.Path;
                if (row.IsExpired(device.Now))
                    continue;
                var slash = row.Path.IndexOf('/', folder.Length);
                if (slash < 0)
                {
                    entries.Add(ToEntry(row));
                    continue;
                }
                var inner = row.Path[..(slash + 1)];
                // Behind a path inside of a folder, that folder has passed.
                if (after is null || Utf8Order.Compare(inner, after) > 0)
                    entries.Add(new FolderEntry(inner, null));
                start = inner + BehindAll;
            }
        }
        return entries;
    }

    private FolderEntry ToEntry(FileRow row) => new(row.Path, FileVersion.Of(row, isExpired: false));

    /// <summary>Whether a file's newest version is so since a position: it came after it, or a newer one was withdrawn after it.</summary>
    public bool IsSince(FileVersion version, ChangePosition since)
    {
        if (device.Files.Newest(Spaces.Files, version.Path) is not { } newest)
            return false;
        if (since.Index == device.Status.Name(device.Environment.Random))
            return device.Files.LastChangeFrom(Spaces.Files, newest) > since.Change;
        // In another index than that of the position nothing tells when it withdrew something: what may have counted then and does not now is enough.
        return !since.Covers(newest.Author, newest.Commit) || device.Files.UncountedBehind(Spaces.Files, newest).Exists(row => since.Covers(row.Author, row.Commit));
    }

    /// <summary>The attributes that a member set of itself.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> MemberAttributes(PublicId member)
    {
        var prefix = member + "/";
        var found = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (var start = prefix; device.Files.Between(Spaces.Members, start, prefix[..^1] + '0', PageSize) is { Count: > 0 } rows; start = rows[^1].Path)
        {
            foreach (var row in rows)
                found[row.Path[prefix.Length..]] = row.Attributes;
        }
        return found;
    }

    /// <summary>The content of a version as another commit can name it: bodies in the tail of its commit are read, to be sealed anew.</summary>
    public async Task<LocatedContent> ContentAsync(FileVersion version, LocatedBody body, CancellationToken cancellationToken)
    {
        if (body.Body.Pieces.All(piece => piece.Object is not null))
            return new LocatedContent(null, body.Body, Objects(body.Body));
        await using var stream = Reader(version, body).OpenRead();
        var small = new byte[body.Body.Length];
        await stream.ReadFullyAsync(small, cancellationToken);
        return new LocatedContent(small, BodyDescriptor.Empty, []);
    }

    /// <summary>The objects that hold a body.</summary>
    private IReadOnlyList<ObjectUse> Objects(BodyDescriptor body) =>
        [.. body.Pieces.Select(piece => piece.Object).OfType<ObjectName>().Distinct().Select(name => new ObjectUse(name, device.Records.SizeOf(name)))];
}
