using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Index;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Tests.Bodies;
using Coffer.Vaults.Tests.Ledger;
using Coffer.Vaults.Tests.Verdicts;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Tests.Index;

/// <summary>A device with real files for state and index, into which commits are imported that were never on a store.</summary>
internal sealed class IndexedDevice : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-index-").FullName;

    public IndexedDevice()
    {
        Time = new ManualTime(DateTimeOffset.FromUnixTimeMilliseconds(Line.Now));
        Paths = new LocalPaths(Path.Combine(_folder, "team.db"));
        var environment = new VaultEnvironment { Time = Time, Random = new SeededRandom(1), Workers = new InPlaceWorkers() };
        Device = new VaultDevice(
            new MemoryStore("none"), People.Dave, new LedgerTrust(People.Alice.Public, "users"), LocalDatabase.Open(Paths), Paths, environment, TimeSpan.Zero);
        Importer = new CommitImporter(Device);
        Missing = new MissingWatch(Device);
    }

    public ManualTime Time { get; }

    public LocalPaths Paths { get; }

    public VaultDevice Device { get; }

    public CommitImporter Importer { get; }

    public MissingWatch Missing { get; }

    public IEnumerable<FindingKind> Found => Device.Findings.All().Select(found => found.Finding.Kind);

    /// <summary>Imports commits in one transaction, as a sync does.</summary>
    public int Import(LedgerChain ledger, params IEnumerable<Commit> commits)
    {
        var opened = commits.Select(commit => new OpenedCommit(commit.Link.Name, commit, null, commit.Hash.ToArray(), null)).ToList();
        return Device.Database.Write(() =>
        {
            var count = Importer.Import(ledger, opened, Device.Now);
            Importer.JudgeAgain(ledger, Device.Status.JudgedHeight, Device.Now);
            Device.Status.JudgedHeight = ledger.Height;
            return count;
        });
    }

    /// <summary>The verdict that the index has on a commit.</summary>
    public Verdict Verdict(Commit commit) =>
        Device.Commits.Line(commit.Head.Author, commit.Header.Writer, after: 0).Single(row => row.Hash == commit.Hash).Verdict;

    /// <summary>The versions of a path that count, as indexes of the records in their commits.</summary>
    public List<Vaults.Index.FileRow> Versions(string path, long space = Spaces.Files) => Device.Files.Versions(space, path);

    /// <summary>The newest record of a path.</summary>
    public Vaults.Index.FileRow? Newest(string path, long space = Spaces.Files) => Device.Files.Newest(space, path);

    /// <summary>All changes so far.</summary>
    public List<(ChangeKind Kind, Vaults.Index.FileRow Row)> Changes(long space = Spaces.Files) =>
        Device.Files.Changes(space, after: 0, most: int.MaxValue).ConvertAll(change => (change.Kind, change.Row));

    public void Dispose()
    {
        Device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
