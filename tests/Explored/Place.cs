using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Coyote.Runtime;

namespace Coffer.Explored;

/// <summary>A store, people and devices of one execution, and what was acknowledged to anybody.</summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-explored-").FullName;
    private readonly MemoryStore _store = new("explored");
    private readonly VaultEnvironment _environment = new() { Time = new ControlledTime(), Random = new SeededBytes() };
    private readonly SortedDictionary<string, byte[]> _written = new(StringComparer.Ordinal);
    private int _devices;

    public Place()
    {
        SchedulingPoint.Suppress();
        Alice = PrivateId.Create(_environment.Random);
        Bob = PrivateId.Create(_environment.Random);
    }

    public PrivateId Alice { get; }

    public PrivateId Bob { get; }

    /// <summary>A vault of Alice's, in which Bob may write.</summary>
    /// <param name="index">Where its index is; somewhere of its own unless told.</param>
    /// <param name="looks">Whether each call looks at the store.</param>
    public async Task<Vault> CreateAsync(string? index = null, bool looks = true)
    {
        var vault = await Vault.CreateAsync(_store, Alice, new VaultCreateOptions { IndexPath = index ?? NewIndex(), Realm = "users", SyncCooldown = looks ? TimeSpan.Zero : TimeSpan.FromHours(1), Environment = _environment });
        await vault.SetAccessAsync(Bob.Public, AccessLevel.Write);
        return vault;
    }

    public Task<Vault> OpenAsync(PrivateId member, string? index = null) => Vault.OpenAsync(_store, member, new VaultOpenOptions
    {
        IndexPath = index ?? NewIndex(),
        Creator = Alice.Public,
        SyncCooldown = TimeSpan.Zero,
        Environment = _environment,
    });

    public string NewIndex() => Path.Combine(_folder, $"device-{Interlocked.Increment(ref _devices)}", "team.db");

    public static FileContent Content(string path, int length) => FileContent.FromBytes(Bytes(path, length));

    private static byte[] Bytes(string path, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)path[^1]);
        return bytes;
    }

    /// <summary>Writes a file, and holds the vault to it.</summary>
    public async Task WriteAsync(Vault vault, string path, int length = 100)
    {
        await vault.WriteAsync(path, Content(path, length));
        Note(path, length);
    }

    /// <summary>A file was accepted or acknowledged with this content.</summary>
    public void Note(string path, int length)
    {
        lock (_written)
            _written[path] = Bytes(path, length);
    }

    /// <summary>A file was deleted.</summary>
    public void NoteDeleted(string path)
    {
        lock (_written)
            _written.Remove(path);
    }

    /// <summary>That a vault, and a device that begins with nothing, show what was written, and report nothing.</summary>
    public async Task CheckAsync(Vault vault)
    {
        await CheckFilesAsync(vault);
        await using var other = await OpenAsync(Bob);
        await CheckFilesAsync(other);
    }

    private async Task CheckFilesAsync(Vault vault)
    {
        await vault.SyncAsync();
        var shown = new List<string>();
        await foreach (var entry in vault.ListAsync("", new ListFilesOptions { Recursive = true }))
            shown.Add(entry.Path);
        Require(shown.SequenceEqual(_written.Keys), $"'{string.Join("', '", _written.Keys)}' are there, and not '{string.Join("', '", shown)}'");
        foreach (var (path, bytes) in _written)
            Require((await vault.ReadBytesAsync(path)).AsSpan().SequenceEqual(bytes), $"'{path}' has the bytes that were written");
        Require(vault.GetFindings().Count == 0, "nothing is found");
    }

    /// <summary>Runs calls side by side: here alone the explorer changes threads.</summary>
    public static async Task TogetherAsync(params Func<Task>[] calls)
    {
        SchedulingPoint.Resume();
        await Task.WhenAll(calls.Select(static call => Task.Run(call)));
        SchedulingPoint.Suppress();
    }

    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"It does not hold that {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        Alice.Dispose();
        Bob.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
