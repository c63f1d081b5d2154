using System.Buffers.Binary;
using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Tests.Scenarios;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>
/// A vault with something of everything, all of it honest: small, bundled and large files, versions, a delete, a pack, loose commits, two epochs, a member who was removed. It is made once; what an attack shows of it, it shows through a <see cref="MaliciousStore"/>.
/// </summary>
public sealed class AttackWorld : IAsyncDisposable
{
    /// <summary>Where the clock stands in a commit.</summary>
    private const int ClockAt = 26;

    private readonly JumpingTime _time = new();
    private readonly MemoryStore _store;
    private readonly Team _team;
    private readonly string _index;
    private int _copies;

    private AttackWorld()
    {
        _store = new MemoryStore("team", _time);
        _team = new Team(_store, _time);
        _index = _team.NewIndex();
    }

    /// <summary>What every file has, as its newest version.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Every content that a path ever had.</summary>
    public ILookup<string, byte[]> Contents => _written.ToLookup(static write => write.Path, static write => write.Content);

    private readonly List<(string Path, byte[] Content)> _written = [];

    /// <summary>The store before the second half of it was written.</summary>
    internal StoreSnapshot Earlier { get; private set; } = null!;

    /// <summary>The store as it is.</summary>
    internal StoreSnapshot Now { get; private set; } = null!;

    /// <summary>What Bob was given when he joined anew, in the end.</summary>
    internal Invitation Pin { get; private set; } = null!;

    /// <summary>The objects of a folder, in order: 0 is the first one.</summary>
    internal StoreKey[] Objects(string folder) => [.. Now.Keys.Where(key => key.Value.StartsWith($"users/{folder}/", StringComparison.Ordinal)).OrderBy(static key => key.Value, StringComparer.Ordinal)];

    /// <summary>The commits under names of their own, in the order in which they were written; nobody vouches for the last one.</summary>
    internal StoreKey[] Commits => [.. Objects("commits").OrderBy(key => BinaryPrimitives.ReadUInt64BigEndian(Now.BytesOf(key).AsSpan(ClockAt)))];

    /// <summary>An object of a folder by its size, the largest last.</summary>
    internal StoreKey[] BySize(string folder) => [.. Objects(folder).OrderBy(key => Now.BytesOf(key)!.Length)];

    /// <summary>Makes it.</summary>
    public static async Task<AttackWorld> CreateAsync()
    {
        var world = new AttackWorld();
        await world.LiveAsync();
        return world;
    }

    private async Task LiveAsync()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Carol.Public, AccessLevel.Write);
        await using (var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write))
        await using (var carol = await _team.OpenAsync(_team.Carol))
        {
            await WriteAsync(carol, "by/carol", 2_000);
            await WriteAsync(alice, "large", (16 << 20) + 300_000);
            for (var i = 0; i < 4; i++)
                await WriteAsync(alice, $"many/{i}", 9_000 + i);
            await WriteAsync(bob, "versions", 100);
            await WriteAsync(bob, "versions", 200);
            await WriteAsync(alice, "gone", 50);
            _time.Jump(TimeSpan.FromDays(2));
            await alice.HousekeepAsync();
            _time.Jump(TimeSpan.FromHours(2));
            await alice.HousekeepAsync();
            await bob.SyncAsync();
            Earlier = await StoreSnapshot.TakeAsync(_store);
            await alice.SetAccessAsync(_team.Carol.Public, AccessLevel.None);
            await alice.DeleteAsync("gone");
            Files.Remove("gone");
            await bob.SyncAsync();
            await WriteAsync(bob, "versions", 300);
            await WriteAsync(alice, "loose/small", 1_000);
            await WriteAsync(alice, "loose/large", 80_000);
            await bob.SyncAsync();
            await bob.SetMyAttributeAsync("name", "Bob"u8.ToArray());
            await alice.SyncAsync();
            await WriteAsync(alice, "last", 10);
            await alice.SyncAsync();
        }
        Pin = await alice.InviteAsync("file:///srv/coffer");
        await _team.CloseAsync(alice);
        await using (var bob = await Vault.OpenAsync(_store, _team.Bob, Options(_index)))
            await bob.SyncAsync();
        Now = await StoreSnapshot.TakeAsync(_store);
    }

    private async Task WriteAsync(Vault vault, string path, int length)
    {
        var content = Pattern.Bytes((ulong)_written.Count, length);
        await vault.WriteAsync(path, FileContent.FromBytes(content));
        Files[path] = content;
        _written.Add((path, content));
    }

    /// <summary>A store of one's own over the honest one: what is put there is gone with it.</summary>
    internal async Task<MaliciousStore> CopyAsync()
    {
        var copy = new MemoryStore("team", _time);
        foreach (var key in Now.Keys)
            await copy.PutBytesAsync(key, Now.BytesOf(key)!);
        return new MaliciousStore(copy);
    }

    /// <summary>Opens the vault as Bob, on a device that has seen all of it.</summary>
    internal Task<Vault> OpenKnownAsync(IStore store)
    {
        var folder = Path.Combine(_team.Folder, $"copy-{Interlocked.Increment(ref _copies)}");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_index)!))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return Vault.OpenAsync(store, _team.Bob, Options(Path.Combine(folder, "team.db")));
    }

    /// <summary>Opens the vault as Bob, on a new device.</summary>
    internal Task<Vault> OpenNewAsync(IStore store, bool pinned) => Vault.OpenAsync(store, _team.Bob, Options(_team.NewIndex()) with { Creator = pinned ? null : _team.Alice.Public, Pin = pinned ? Pin : null });

    private VaultOpenOptions Options(string index) => new()
    {
        IndexPath = index,
        Creator = _team.Alice.Public,
        SyncCooldown = TimeSpan.Zero,
        Environment = new VaultEnvironment { Time = _time },
    };

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _store.DisposeAsync();
    }
}
