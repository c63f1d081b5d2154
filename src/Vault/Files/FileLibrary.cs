using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>Looks up files in the index, and reads their contents from the store.</summary>
internal sealed class FileLibrary(VaultDevice device, PackLocator packs, PiecePool pool)
{
    private const int PageSize = 500;

    private readonly LeafCache _leaves = new();
    private readonly BodyWriter _bodies = new(device.Environment.Random, device.Environment.Workers, pool);

    /// <summary>Sorts behind every path: as many of the last character as no path has bytes for.</summary>
    private static readonly string BehindAll = string.Concat(Enumerable.Repeat("\U0010FFFF", (VaultPath.MaxBytes / 4) + 1));

    /// <summary>The newest version; null when there is none, or it is a delete, or expired.</summary>
    public FileVersion? Stat(string path, FileSeal? seal) =>
        device.Files.Newest(Spaces.Files, VaultPath.Check(path), seal) is { IsDelete: false } row && !row.IsExpired(device.Now) ? FileVersion.Of(row, isExpired: false) : null;

    /// <summary>All versions and deletes, oldest first.</summary>
    public IReadOnlyList<FileVersion> Versions(string path, FileSeal? seal)
    {
        var rows = device.Files.Versions(Spaces.Files, VaultPath.Check(path), seal);
        var versions = new FileVersion[rows.Count];
        var expired = false;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            expired |= rows[i].IsExpired(device.Now);
            versions[i] = FileVersion.Of(rows[i], expired);
        }
        return versions;
    }

    /// <summary>The record of the version that is to be read, and its body.</summary>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    public (FileRow Row, LocatedBody Body) Locate(string path, string? versionId, FileSeal? seal)
    {
        VaultPath.Check(path);
        // The record and its body come from one and the same index.
        lock (device.Database.Gate)
            return LocateHere(path, versionId, seal);
    }

    private (FileRow Row, LocatedBody Body) LocateHere(string path, string? versionId, FileSeal? seal)
    {
        var rows = versionId is null ? [] : device.Files.Versions(Spaces.Files, path, seal);
        var row = versionId is null ? device.Files.Newest(Spaces.Files, path, seal) : rows.Find(candidate => FileVersion.IdOf(candidate.Author, candidate.Record) == versionId);
        if (row is null)
            throw NotFound(versionId is null ? "nothing was ever written there" : $"it has no version {versionId}");
        if (row.IsDelete)
            throw NotFound(versionId is null ? "it was deleted; an older version can still be read by its id" : "that version is a delete");
        if (row.IsExpired(device.Now) || rows.Exists(later => later.Place.AsSpan().SequenceCompareTo(row.Place) > 0 && later.IsExpired(device.Now)))
            throw NotFound("its time has ended");
        return (row, device.Files.Body(row.Row));

        FileNotFoundInVaultException NotFound(string why) => new(path, seal is null ? why + SealedBeside(path) : why);
    }

    /// <summary>What somebody is told who asks for the plain file of a path and may mean a sealed one.</summary>
    private string SealedBeside(string path)
    {
        var seals = device.Files.Between(Spaces.Files, new FileBound(path, SealColumn.Of(null)), path + '\0', PageSize).FindAll(row => !row.IsExpired(device.Now)).ConvertAll(static row => row.Seal!);
        return seals.Count == 0
            ? ""
            : $". But sealed files are there, which are read by naming their seal (ReadFileOptions.Seal): {string.Join("; ", seals.Select(static seal => $"from {seal.Sender} to {seal.Recipient}"))}";
    }

    /// <summary>Opens a file, or a part of it. Nothing is fetched before it is read.</summary>
    public FileReader Open(FileVersion version, LocatedBody body, ByteRange? range = null) => new(version, Reader(version.Path, body), device.Environment.Random, range);

    /// <summary>A file whose content was opened already.</summary>
    public FileReader Opened(FileVersion version, ReadOnlyMemory<byte> content) => new(version, content, device.Environment.Random);

    private BodyReader Reader(string path, LocatedBody body) => new(body.Body, new PieceStore(device, packs, body, path), device.Environment.Workers, pool, _leaves);

    /// <summary>Reads all files of a folder that are chosen. As many as fit into a plan are looked up before the first of them is read.</summary>
    /// <param name="folder">Empty, or with a trailing <c>/</c>.</param>
    /// <param name="take">Takes one file.</param>
    /// <param name="choose">Which files to read.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task ReadAllAsync(string folder, Func<FileReader, CancellationToken, ValueTask> take, Func<FileVersion, bool> choose, CancellationToken cancellationToken)
    {
        var reading = new TogetherReader(device, this, take);
        var before = Behind(folder);
        var plan = new ReadPlan(device.Names, packs);
        for (var start = FileBound.BehindPath(folder); device.Files.BodiesBetween(Spaces.Files, start, before, PageSize) is { Count: > 0 } page; start = FileBound.Behind(page[^1].Row))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (row, body) in page)
            {
                if (!row.IsExpired(device.Now) && FileVersion.Of(row, isExpired: false) is var version && choose(version))
                    plan.Add(version, body);
            }
            if (!plan.IsFull)
                continue;
            await reading.RunAsync(plan.Runs(), cancellationToken);
            plan = new ReadPlan(device.Names, packs);
        }
        await reading.RunAsync(plan.Runs(), cancellationToken);
    }

    /// <summary>What sorts behind all that is below a folder.</summary>
    private static string Behind(string folder) => folder.Length == 0 ? BehindAll : folder[..^1] + '0';

    /// <summary>The next entries of a folder, up to one page.</summary>
    /// <param name="folder">Empty, or with a trailing <c>/</c>.</param>
    /// <param name="recursive">All files below it.</param>
    /// <param name="after">The position of the last entry of the page before; null for the first page.</param>
    public List<FolderEntry> Page(string folder, bool recursive, string? after)
    {
        var before = Behind(folder);
        FileBound? last = after is null ? null : after.EndsWith('/') ? FileBound.BehindPath(after + BehindAll) : FileBound.Parse(after);
        var start = last is { } bound && Utf8Order.Compare(bound.Path, folder) > 0 ? bound : FileBound.BehindPath(folder);
        return recursive ? PageOfFiles(start, before) : PageOfLevel(folder, start, before, last?.Path);
    }

    private List<FolderEntry> PageOfFiles(FileBound start, string before)
    {
        var entries = new List<FolderEntry>();
        while (entries.Count < PageSize && device.Files.Between(Spaces.Files, start, before, PageSize) is { Count: > 0 } rows)
        {
            entries.AddRange(rows.Where(row => !row.IsExpired(device.Now)).Select(ToEntry));
            start = FileBound.Behind(rows[^1]);
        }
        return entries;
    }

    private List<FolderEntry> PageOfLevel(string folder, FileBound start, string before, string? after)
    {
        var entries = new List<FolderEntry>();
        while (entries.Count < PageSize && device.Files.Between(Spaces.Files, start, before, PageSize) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                if (Utf8Order.Compare(row.Path, start.Path) < 0)
                    continue;
                start = FileBound.Behind(row);
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
                start = FileBound.BehindPath(inner + BehindAll);
            }
        }
        return entries;
    }

    private FolderEntry ToEntry(FileRow row) => new(row.Path, FileVersion.Of(row, isExpired: false));

    /// <summary>Whether a file's newest version is so since a position: it came after it, or a newer one was withdrawn after it.</summary>
    public bool IsSince(FileVersion version, ChangePosition since)
    {
        if (device.Files.Newest(Spaces.Files, version.Path, version.Seal) is not { } newest)
            return false;
        if (device.Changes.IsOfThisIndex(since))
            return device.Files.LastChangeFrom(Spaces.Files, newest) > since.Change;
        // In another index than that of the position nothing tells when it withdrew something: what may have counted then and does not now is enough.
        return !since.Covers(newest.Author, newest.Commit) || device.Files.UncountedBehind(Spaces.Files, newest).Exists(row => since.Covers(row.Author, row.Commit));
    }

    /// <summary>The attributes that a member set of itself.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> MemberAttributes(PublicId member)
    {
        var prefix = member + "/";
        var found = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (var start = FileBound.BehindPath(prefix); device.Files.Between(Spaces.Members, start, prefix[..^1] + '0', PageSize) is { Count: > 0 } rows; start = FileBound.Behind(rows[^1]))
        {
            foreach (var row in rows)
                found[row.Path[prefix.Length..]] = row.Attributes;
        }
        return found;
    }

    /// <summary>
    /// The plan of a record that says the same as one that is there: a body in objects is named again, and one in the tail of its commit is read, to be sealed anew.
    /// </summary>
    public async Task<PutPlan> PlanAgainAsync(FileRow row, LocatedBody body, CancellationToken cancellationToken)
    {
        var plan = new PutPlan
        {
            Space = Spaces.Files,
            Path = row.Path,
            Id = row.Record,
            Recipient = row.Seal?.Recipient,
            Modified = row.Modified,
            Attributes = row.Attributes,
            ContentEnd = row.ContentEnd,
        };
        return body.Body.Pieces.All(piece => piece.Object is not null)
            ? plan with { Body = body.Body, Objects = Objects(body.Body) }
            : plan with { Small = await ReadSmallAsync(row, body, cancellationToken) };
    }

    /// <summary>
    /// As <see cref="PlanAgainAsync"/>, of a record that counts no more: nothing keeps its objects beyond the grace time. So they are named again only as long as they are young, by the store's time; else the body is
    /// put anew, under new names and a new key.
    /// </summary>
    /// <exception cref="BodyMissingException">It is gone already.</exception>
    public async Task<PutPlan> PlanOfLostAsync(FileRow row, LocatedBody body, CancellationToken cancellationToken)
    {
        var plan = await PlanAgainAsync(row, body, cancellationToken);
        if (plan.Objects.Count == 0)
            return plan;
        var left = ObjectSink.MostAge;
        foreach (var use in plan.Objects)
        {
            var key = device.Names.Object(use.Name);
            var info = await device.Store.StatAsync(key, cancellationToken) ?? throw new BodyMissingException(row.Path, key.Value);
            var age = (info.StoreTime ?? device.StoreTime.Now) - info.LastModified;
            left = age is { } known && ObjectSink.MostAge - known < left ? ObjectSink.MostAge - known : age is null ? TimeSpan.Zero : left;
        }
        if (left > TimeSpan.Zero)
            return plan with { Deadline = device.StoreNow + (long)left.TotalMilliseconds };
        if (body.Body.Length <= CommitRequest.MaxSmall)
            return plan with { Body = BodyDescriptor.Empty, Objects = [], Small = await ReadSmallAsync(row, body, cancellationToken) };
        await using var stream = Reader(row.Path, body).OpenRead();
        var sink = new ObjectSink(device);
        var anew = await _bodies.WriteAsync(stream, body.Body.Length, sink, default, null, cancellationToken);
        return plan with { Body = anew, Objects = sink.Uses, Deadline = sink.Deadline };
    }

    private async Task<byte[]> ReadSmallAsync(FileRow row, LocatedBody body, CancellationToken cancellationToken)
    {
        await using var stream = Reader(row.Path, body).OpenRead();
        var small = new byte[body.Body.Length];
        await stream.ReadFullyAsync(small, cancellationToken);
        return small;
    }

    /// <summary>The objects that hold a body.</summary>
    private IReadOnlyList<ObjectUse> Objects(BodyDescriptor body) =>
        [.. body.Pieces.Select(piece => piece.Object).OfType<ObjectName>().Distinct().Select(name => new ObjectUse(name, device.Objects.SizeOf(name) ?? 0))];
}
