using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// A day of a small team, always the same, on a store that may fail once. Whoever meets an error of the store does the same once more, as a person would; nothing else may go wrong.
/// </summary>
internal sealed class ScriptedDay : IAsyncDisposable
{
    private static readonly TimeSpan Night = TimeSpan.FromDays(2);
    private static readonly TimeSpan BeyondMargin = TimeSpan.FromHours(2);
    private static readonly TimeSpan BeyondGrace = TimeSpan.FromDays(8);

    private readonly JumpingTime _time = new();
    private readonly MemoryStore _memory;
    private readonly FaultyStore _faulty;
    private readonly Team _team;
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public ScriptedDay()
    {
        _memory = new MemoryStore("day", _time);
        _faulty = new FaultyStore(_memory, _time);
        _team = new Team(_faulty, _time) { Cooldown = TimeSpan.FromMinutes(1) };
    }

    /// <summary>What the person met who had to do something twice; null when all went well at once.</summary>
    public string? Met { get; private set; }

    /// <summary>Lets one operation of the store fail: the one of this number, from 1.</summary>
    public void Fail(int operation, FaultMoment moment) => _faulty.Inject(new Fault { First = operation, Moment = moment });

    /// <summary>Lives through the day, and gives how many operations it took.</summary>
    public async Task<int> RunAsync()
    {
        var operations = 0;
        _faulty.Inject(new Fault { Moment = FaultMoment.Never, Key = _ => ++operations < 0 });

        var (aliceIndex, bobIndex) = (_team.NewIndex(), _team.NewIndex());
        var alice = await TwiceAsync(() => _team.CreateAsync(index: aliceIndex), orElse: () => _team.OpenAsync(_team.Alice, aliceIndex));
        await WriteAsync(alice, "tail", 100);
        await DoAsync(() => alice.SetAccessAsync([new(_team.Bob.Public, AccessLevel.Write), new(_team.Carol.Public, AccessLevel.Read)]));
        var bob = await TwiceAsync(() => _team.OpenAsync(_team.Bob, bobIndex));
        await WriteAsync(bob, "piece", 200_000);
        await WriteManyAsync(bob, "batch", 12, 20_000);
        await WriteManyAsync(alice, "small", 5, 1_000);
        await DoAsync(() => alice.SyncAsync());
        await DoAsync(() => DeleteAsync(alice, "batch/3"));
        await DoAsync(() => alice.SetAccessAsync(_team.Carol.Public, AccessLevel.None));
        await WriteAsync(alice, "after", 5_000);
        await DoAsync(() => bob.SyncAsync());
        await WriteAsync(bob, "tail", 200);
        var second = await TwiceAsync(() => _team.OpenAsync(_team.Bob));
        await DoAsync(() => CheckAsync(second));
        await DoAsync(() => bob.RebuildIndexAsync());
        for (var i = 0; i < 4; i++)
            await WriteAsync(bob, $"more/{i}", 10);

        _time.Jump(Night);
        await DoAsync(() => alice.HousekeepAsync());
        _time.Jump(BeyondMargin);
        await DoAsync(() => bob.HousekeepAsync());
        await DoAsync(() => CheckAsync(second));
        _time.Jump(BeyondGrace);
        await DoAsync(() => alice.HousekeepAsync());
        await WriteAsync(second, "last", 1_000);
        await DoAsync(() => CheckAsync(alice));
        await DoAsync(() => CheckAsync(bob));
        foreach (var vault in (Vault[])[alice, bob, second])
        {
            Assert.Equal([_team.Alice.Public, _team.Bob.Public], (await vault.GetMembersAsync()).Select(static member => member.Id).Order(Comparer<PublicId>.Create((a, b) => a == _team.Alice.Public ? -1 : 1)));
        }
        var counted = operations;
        _faulty.Clear();
        await EndAsync(alice, bob, second);
        return counted;
    }

    /// <summary>What the store has in the end, without faults, and for somebody new.</summary>
    private async Task EndAsync(params Vault[] devices)
    {
        _time.Jump(BeyondGrace);
        Assert.Null((await devices[0].HousekeepAsync(new HousekeepOptions { Bodies = true })).NothingDeletedBecause);
        Assert.Equal(await LocalFiles.NamedBodiesAsync(_team, _team.Bob), await _memory.KeysAsync(StoredObjects.DataKeys));
        Assert.Empty(await _memory.KeysAsync("users/probe"));
        foreach (var vault in (Vault[])[.. devices, await _team.OpenAsync(_team.Bob)])
        {
            await vault.SyncAsync();
            await CheckAsync(vault);
            Assert.Equal(_files.Keys, await vault.AllAsync());
            Assert.Empty(vault.GetFindings());
            Assert.Equal(3, (await vault.GetLedgerAsync()).Count);
        }
    }

    private Task WriteAsync(Vault vault, string path, int size)
    {
        var bytes = Pattern.Bytes((ulong)(_files.Count + size), size);
        _files[path] = bytes;
        return DoAsync(() => vault.WriteAsync(path, FileContent.FromBytes(bytes)));
    }

    private Task WriteManyAsync(Vault vault, string folder, int count, int size)
    {
        var writes = new List<FileWrite>();
        for (var i = 0; i < count; i++)
        {
            var bytes = Pattern.Bytes((ulong)i, size + i);
            _files[$"{folder}/{i}"] = bytes;
            writes.Add(new FileWrite($"{folder}/{i}", FileContent.FromBytes(bytes)));
        }
        return DoAsync(() => vault.WriteManyAsync(writes));
    }

    /// <summary>Somebody who deletes a file again, and finds that it is gone, has what was wanted.</summary>
    private async Task DeleteAsync(Vault vault, string path)
    {
        _files.Remove(path);
        if (await vault.StatAsync(path) is not null)
            await vault.DeleteAsync(path);
    }

    private async Task CheckAsync(Vault vault)
    {
        await vault.SyncAsync();
        foreach (var (path, bytes) in _files)
            Assert.True((await vault.ReadBytesAsync(path)).AsSpan().SequenceEqual(bytes), $"{path} has another content.");
    }

    private Task DoAsync(Func<Task> step) => TwiceAsync(async () =>
    {
        await step();
        return true;
    });

    /// <summary>Does something, and once more when the store failed; where even that says no in so many words, <paramref name="orElse"/> is what a person does then.</summary>
    private async Task<T> TwiceAsync<T>(Func<Task<T>> step, Func<Task<T>>? orElse = null)
    {
        try
        {
            return await step();
        }
        catch (StoreException fault)
        {
            Assert.True(Met is null, $"There was one fault, and a second call failed: {fault}");
            Met = fault.Message;
        }
        try
        {
            return await step();
        }
        catch (VaultException) when (orElse is not null)
        {
            return await orElse();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
