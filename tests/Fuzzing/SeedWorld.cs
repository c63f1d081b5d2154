using Coffer.Stores;
using Coffer.Vaults;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;

namespace Coffer.Fuzzing;

/// <summary>What a vault with something of everything in it looks like on its store, on a disk and in people's hands.</summary>
internal sealed class SeedWorld : IDisposable
{
    // In memory where that is a folder: nothing here outlives a crash.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"coffer-fuzzing-{Environment.ProcessId}")).FullName;

    private SeedWorld()
    {
    }

    /// <summary>The blocks of the ledger, by slot.</summary>
    public List<byte[]> Blocks { get; } = [];

    /// <summary>Commits, sealed, as they are on the store.</summary>
    public List<byte[]> Commits { get; } = [];

    /// <summary>The heads of commits, opened, each with the length of its tail.</summary>
    public List<(byte[] Text, int TailLength)> Heads { get; } = [];

    /// <summary>Packs, with the names that they have.</summary>
    public List<(string Name, byte[] Bytes)> Packs { get; } = [];

    /// <summary>The names of all objects.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>Invitations, one by somebody who has written something and one by somebody who has not.</summary>
    public List<string> Invitations { get; } = [];

    /// <summary>Positions in the changes.</summary>
    public List<string> Positions { get; } = [];

    /// <summary>Who created the vault.</summary>
    public PrivateId Alice { get; } = PrivateId.Create();

    /// <summary>Who else is there.</summary>
    public PrivateId Bob { get; } = PrivateId.Create();

    /// <summary>The files of a device: state and index.</summary>
    public List<(string Name, byte[] Bytes)> LocalFiles { get; } = [];

    /// <summary>A folder of its own for somebody; it goes with the world.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>Makes it.</summary>
    public static async Task<SeedWorld> CreateAsync()
    {
        var world = new SeedWorld();
        await using var store = new MemoryStore("seeds");
        await world.LiveAsync(store);
        await world.CollectAsync(store);
        return world;
    }

    private async Task LiveAsync(MemoryStore store)
    {
        var index = Path.Combine(_folder, "alice.db");
        await using (var alice = await Vault.CreateAsync(store, Alice, new VaultCreateOptions { IndexPath = index, Settings = new VaultSettings { Quota = 1 << 30, ContentLife = TimeSpan.FromDays(30) } }))
        {
            Invitations.Add((await alice.InviteAsync("file:///srv/coffer")).ToString());
            await alice.SetAccessAsync(Bob.Public, AccessLevel.Write);
            await using (var bob = await Vault.OpenAsync(store, Bob, new VaultOpenOptions { IndexPath = Path.Combine(_folder, "bob.db"), Creator = Alice.Public }))
            {
                await bob.WriteAsync("by/bob", FileContent.FromBytes(new byte[100]));
                await bob.SetMyAttributeAsync("name", "Bob"u8.ToArray());
            }
            await alice.WriteManyAsync([.. Enumerable.Range(0, 5).Select(static i => new FileWrite($"many/{i}", FileContent.FromBytes(new byte[3000 * i])))]);
            await alice.WriteAsync("sealed", FileContent.FromBytes(new byte[10]), new WriteOptions { Recipient = Bob.Public });
            await alice.WriteAsync("large", FileContent.FromBytes(new byte[200_000]), new WriteOptions { Life = TimeSpan.FromDays(400) });
            await alice.SetAttributesAsync("large", "attributes"u8.ToArray());
            await alice.DeleteAsync("many/1");
            await alice.SyncAsync();
            Positions.Add((await alice.GetPositionAsync()).ToString());
            Invitations.Add((await alice.InviteAsync("s3://bucket/prefix?region=eu-central-1")).ToString());
            await alice.SetAccessAsync(Bob.Public, AccessLevel.None);
            await alice.WriteAsync("last", FileContent.FromBytes(new byte[10]));
        }
        foreach (var file in Directory.GetFiles(_folder, "alice*.db"))
            LocalFiles.Add((Path.GetFileName(file), await File.ReadAllBytesAsync(file)));
    }

    private async Task CollectAsync(MemoryStore store)
    {
        await foreach (var entry in store.ListAsync("users/"))
        {
            Keys.Add(entry.Key.Value);
            var bytes = await store.ReadBytesAsync(entry.Key);
            if (entry.Key.Value.StartsWith("users/ledger/", StringComparison.Ordinal))
                Blocks.Add(bytes);
            else if (entry.Key.Value.StartsWith("users/commits/", StringComparison.Ordinal))
                Commits.Add(bytes);
        }
        using var keys = new EpochKeys();
        var ledger = new LedgerClient(store, new LedgerTrust(Alice.Public, "users"), Alice, keys, new Slots(), new Deaf(), new VaultEnvironment());
        await ledger.LookAsync(CancellationToken.None);
        var key = new byte[EpochKeys.KeySize];
        var entries = new List<Vaults.Packs.PackEntry>();
        foreach (var bytes in Commits)
        {
            var header = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size));
            keys.TryGet(header.Epoch, key);
            var commit = CommitSeal.Open(header, bytes, ledger.Chain.Tip.VaultId, key, Ed25519Checker.Instance, new PublicIdCache())!;
            Heads.Add((CommitHeadCodec.Write(commit.Head, header.TailLength), header.TailLength));
            entries.Add(Vaults.Packs.PackEntry.Whole(header, bytes.AsMemory(0, header.TailOffset), bytes.AsMemory(header.TailOffset)));
        }
        entries.Sort(static (left, right) => left.Name.CompareTo(right.Name));
        Add(entries);
        Add([entries[0], Vaults.Packs.PackEntry.Stub(entries[1]), .. entries.Skip(2).Take(2)]);
    }

    private void Add(List<Vaults.Packs.PackEntry> entries)
    {
        var (name, bytes) = Vaults.Packs.PackCodec.Write(entries);
        Packs.Add((name.ToString(), bytes));
        Keys.Add($"users/packs/{name}");
    }

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Slots : ILedgerArchive
    {
        public IReadOnlyList<StoredBlock> Load() => [];

        public void Save(StoredBlock block)
        {
        }
    }

    private sealed class Deaf : IFindingSink
    {
        public void Report(Finding finding)
        {
        }

        public bool IsAccepted(Finding finding) => true;
    }
}
