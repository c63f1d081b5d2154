using System.Buffers.Binary;
using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Tests.Scenarios;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>
/// A vault with something of everything, all of it honest: small, bundled, large and sealed files, versions, a delete, a pack, loose commits, two epochs, a reader, a member who was removed; beside it the public realm of the same store, and another vault. It is made once; what an attack shows of it, it shows through a <see cref="MaliciousStore"/>.
/// </summary>
public sealed class AttackWorld : IAsyncDisposable
{
    /// <summary>Where the clock stands in a commit.</summary>
    private const int ClockAt = 26;

    private readonly JumpingTime _time = new();
    private readonly MemoryStore _store;
    private readonly MemoryStore _otherStore;
    private readonly Team _team;
    private readonly string _index;
    private JumpingTime _now = new();
    private int _copies;

    private AttackWorld()
    {
        _store = new MemoryStore("team", _time);
        _otherStore = new MemoryStore("other", _time);
        _team = new Team(_store, _time);
        _index = _team.NewIndex();
        Dave = _team.NewPerson();
        Erin = _team.NewPerson();
        Story = new AttackStory(_store, "users");
    }

    /// <summary>What was written.</summary>
    internal AttackStory Story { get; }

    /// <summary>What members sign who do not keep to the rules.</summary>
    internal AttackForgeries Forgeries { get; private set; } = null!;

    /// <summary>The store before the second half of it was written.</summary>
    internal StoreSnapshot Earlier { get; private set; } = null!;

    /// <summary>The store as it is.</summary>
    internal StoreSnapshot Now { get; private set; } = null!;

    /// <summary>Another vault of the same people on another store.</summary>
    internal StoreSnapshot Other { get; private set; } = null!;

    /// <summary>What Bob was given when he joined anew, in the end.</summary>
    internal Invitation Pin { get; private set; } = null!;

    /// <summary>A reader.</summary>
    internal PrivateId Dave { get; }

    /// <summary>A writer who keeps to the rules only sometimes.</summary>
    internal PrivateId Erin { get; }

    internal PrivateId Alice => _team.Alice;

    internal PrivateId Bob => _team.Bob;

    internal PrivateId Carol => _team.Carol;

    /// <summary>The objects of a folder, in order: 0 is the first one.</summary>
    internal StoreKey[] Objects(string folder, string realm = "users") => Below(Now, folder, realm);

    /// <summary>The commits under names of their own, in the order in which they were written; nobody vouches for the last one.</summary>
    internal StoreKey[] Commits => [.. Objects("commits").OrderBy(key => BinaryPrimitives.ReadUInt64BigEndian(Now.BytesOf(key).AsSpan(ClockAt)))];

    /// <summary>An object of a folder by its size, the largest last.</summary>
    internal StoreKey[] BySize(string folder) => [.. Objects(folder).OrderBy(key => Now.BytesOf(key)!.Length)];

    /// <summary>An object of the other vault: the first one of a folder.</summary>
    internal byte[] OfOtherVault(string folder) => Other.BytesOf(Below(Other, folder, "users")[0])!;

    /// <summary>Makes it.</summary>
    public static async Task<AttackWorld> CreateAsync()
    {
        var world = new AttackWorld();
        await world.LiveAsync();
        return world;
    }

    private async Task LiveAsync()
    {
        await LiveBesideAsync();
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(Carol.Public, AccessLevel.Write);
        await alice.SetAccessAsync(Dave.Public, AccessLevel.Read);
        await alice.SetAccessAsync(Erin.Public, AccessLevel.Write);
        var bob = await _team.JoinAsync(alice, Bob, AccessLevel.Write);
        var carol = await _team.OpenAsync(Carol);
        var erin = await _team.OpenAsync(Erin);
        await Story.WriteAsync(carol, "by/carol", 2_000);
        await Story.WriteAsync(alice, "large", (16 << 20) + 300_000);
        for (var i = 0; i < 4; i++)
            await Story.WriteAsync(alice, $"many/{i}", 9_000 + i);
        await Story.WriteAsync(bob, "versions", 100);
        await Story.WriteAsync(bob, "versions", 200);
        await Story.WriteAsync(alice, "gone", 50);
        _time.Jump(TimeSpan.FromDays(2));
        await alice.HousekeepAsync();
        _time.Jump(TimeSpan.FromHours(2));
        await alice.HousekeepAsync();
        await bob.SyncAsync();
        Earlier = await StoreSnapshot.TakeAsync(_store);
        Forgeries = await AttackForgeries.BeginAsync(_team, this);
        await alice.SetAccessAsync(Carol.Public, AccessLevel.None);
        await Story.DeleteAsync(alice, "gone");
        await bob.SyncAsync();
        await Story.WriteAsync(bob, "versions", 300);
        await Story.WriteAsync(alice, "loose/small", 1_000);
        await Story.WriteAsync(alice, "loose/large", 80_000);
        await Story.WriteAsync(alice, "for/bob", 3_000, new WriteOptions { Recipient = Bob.Public });
        await erin.SyncAsync();
        await Story.WriteAsync(erin, "by/erin", 400);
        await bob.SyncAsync();
        await Story.StepAsync(null, () => bob.SetMyAttributeAsync("name", "Bob"u8.ToArray()));
        await alice.SyncAsync();
        await Story.WriteAsync(alice, "last", 10);
        await alice.SyncAsync();
        Pin = await alice.InviteAsync("file:///srv/coffer");
        await Forgeries.EndAsync(_time.GetUtcNow());
        foreach (var vault in (Vault[])[alice, bob, carol, erin])
            await _team.CloseAsync(vault);
        _now.Jump(_time.GetUtcNow() - DateTimeOffset.UtcNow);
        await using (var known = await Vault.OpenAsync(_store, Bob, Options(_index)))
            await known.SyncAsync();
        Now = await StoreSnapshot.TakeAsync(_store);
        await Story.EndAsync();
    }

    /// <summary>Another vault, and the public realm of this store: where an operator can take objects from.</summary>
    private async Task LiveBesideAsync()
    {
        foreach (var (store, realm) in ((IStore, string)[])[(_otherStore, "users"), (_store, Vault.PublicRealm)])
        {
            await using var vault = await Vault.CreateAsync(store, Alice, new VaultCreateOptions { IndexPath = _team.NewIndex(), Realm = realm, Environment = new VaultEnvironment { Time = _time } });
            await vault.SetAccessAsync(Bob.Public, AccessLevel.Write);
            for (var i = 0; i < 8; i++)
                await vault.WriteAsync($"many/{i}", FileContent.FromBytes(Pattern.Bytes(70, 9_000)));
            await vault.WriteAsync("elsewhere", FileContent.FromBytes(Pattern.Bytes(78, 90_000)));
            _time.Jump(TimeSpan.FromDays(2));
            await vault.HousekeepAsync();
            await vault.WriteAsync("many/1", FileContent.FromBytes(Pattern.Bytes(79, 9_000)));
        }
        Other = await StoreSnapshot.TakeAsync(_otherStore);
    }

    private static StoreKey[] Below(StoreSnapshot snapshot, string folder, string realm) =>
        [.. snapshot.Keys.Where(key => key.Value.StartsWith($"{realm}/{folder}/", StringComparison.Ordinal)).OrderBy(static key => key.Value, StringComparer.Ordinal)];

    /// <summary>A clock and a store of one's own over the honest one: what is put there is gone with it.</summary>
    internal async Task<MaliciousStore> BeginAsync()
    {
        _now = new JumpingTime();
        _now.Jump(_time.GetUtcNow() - DateTimeOffset.UtcNow);
        var copy = new MemoryStore("team", _now);
        await Now.RestoreAsync(copy);
        return new MaliciousStore(copy);
    }

    /// <summary>The objects that a lie does not show as they are.</summary>
    internal async Task<HashSet<StoreKey>> TouchedAsync(Lie lie)
    {
        var touched = Now.Keys.ToHashSet();
        await foreach (var listed in lie.List("", Now.Keys.Select(key => Now.InfoOf(key)!).ToAsyncEnumerable()))
            touched.Remove(listed.Key);
        foreach (var key in Now.Keys)
        {
            var bytes = Now.BytesOf(key);
            var info = Now.InfoOf(key)!;
            using var content = new MemoryStream(bytes!);
            using var sent = lie.Send(key, content);
            if (lie.Hides(key) || lie.Instead(key) != key || !bytes.AsSpan().SequenceEqual(lie.Bytes(key, bytes)) || lie.Describe(info) != info || sent != content)
                touched.Add(key);
        }
        return touched;
    }

    /// <summary>Lets time go by, on the clock of who reads and of the store.</summary>
    internal void Wait(TimeSpan time) => _now.Jump(time);

    /// <summary>Opens the vault as Bob, on a device that has seen all of it.</summary>
    internal Task<Vault> OpenKnownAsync(IStore store)
    {
        var folder = Path.Combine(_team.Folder, $"copy-{Interlocked.Increment(ref _copies)}");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_index)!))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return Vault.OpenAsync(store, Bob, Options(Path.Combine(folder, "team.db")));
    }

    /// <summary>Opens the vault as Bob, on a new device.</summary>
    internal Task<Vault> OpenNewAsync(IStore store, bool pinned) => Vault.OpenAsync(store, Bob, Options(_team.NewIndex()) with { Creator = pinned ? null : Alice.Public, Pin = pinned ? Pin : null });

    private VaultOpenOptions Options(string index) => new()
    {
        IndexPath = index,
        Creator = Alice.Public,
        SyncCooldown = TimeSpan.Zero,
        Environment = new VaultEnvironment { Time = _now, Bounds = new StoreBounds { Names = 2_000, Bodies = 2_000 } },
    };

    public async ValueTask DisposeAsync()
    {
        Forgeries.Dispose();
        await _team.DisposeAsync();
        await _store.DisposeAsync();
        await _otherStore.DisposeAsync();
    }
}
