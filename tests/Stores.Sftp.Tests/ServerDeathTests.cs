using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>
/// A real server whose sessions, or which itself with them, is killed in the middle of each operation, and started again on the same port: correct kinds, the layers get
/// through, nothing happens twice, and nothing is left behind.
/// </summary>
public sealed class ServerDeathTests : IAsyncLifetime
{
    private const int Size = 12 << 20;
    private const int Folders = 40;

    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private readonly Lock _lock = new();
    private TestSshd _server = null!;
    private Task? _restarted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestSshd.StartAsync();

    /// <summary>Whether the server itself dies, or its sessions alone.</summary>
    public static TheoryData<bool> Deaths => [false, true];

    [Theory, MemberData(nameof(Deaths))]
    public async Task In_the_middle_of_a_put_it_is_Unavailable_and_nothing_was_stored(bool wholly)
    {
        await using var store = Open();
        await store.PutTextAsync(Key, "old", cancellationToken: Token);

        await IsUnavailableAsync(async () => await store.PutAsync(Key, DeadlyBody(wholly), cancellationToken: Token));

        await IsUsableAgainAsync(store, "old");
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task In_the_middle_of_a_create_only_put_it_is_Unavailable_because_the_name_was_not_asked_for_yet(bool wholly)
    {
        await using var store = Open();

        await IsUnavailableAsync(async () => await store.PutAsync(Key, DeadlyBody(wholly), PutOptions.CreateOnly, Token));

        await IsUsableAgainAsync(store, null);
        await store.PutAsync(Key, DeadlyBody(wholly), PutOptions.CreateOnly, Token);
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task In_the_middle_of_a_get_it_is_Unavailable(bool wholly)
    {
        await File.WriteAllBytesAsync(_server.Root + "/large", Pattern.Bytes(1, Size), Token);
        await using var store = Open();
        await using (var reader = await store.OpenReadAsync(StoreKey.Parse("large"), cancellationToken: Token))
        {
            await reader.Content.ReadExactlyAsync(new byte[1 << 20], Token);
            Die(wholly);
            await IsUnavailableAsync(async () => await reader.Content.ReadExactlyAsync(new byte[Size - (1 << 20)], Token));
        }
        await IsUsableAgainAsync(store, null);
        Assert.Equal(Pattern.Bytes(1, Size), await store.ReadBytesAsync(StoreKey.Parse("large"), cancellationToken: Token));
    }

    /// <summary>Between two folders nothing is under way, and the listing may go on with a new connection.</summary>
    [Theory, MemberData(nameof(Deaths))]
    public async Task In_the_middle_of_a_listing_it_is_Unavailable_or_whole(bool wholly)
    {
        var names = MakeFolders();
        await using var store = Open();
        try
        {
            Assert.Equal(names, await ListAsync(store, wholly));
        }
        catch (StoreException error)
        {
            Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
        }

        await IsUsableAgainAsync(store, null);
        Assert.Equal(names, await ListAsync(store, null));
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task Through_the_layers_a_put_is_done_once(bool wholly)
    {
        await using var store = OpenWithLayers();

        await store.PutAsync(Key, DeadlyBody(wholly), cancellationToken: Token);

        await _restarted!;
        Assert.Equal(Pattern.Bytes(2, Size), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal([Key.Value], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));
        Assert.Empty(_server.TemporaryFiles);
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task Through_the_layers_a_listing_gives_each_name_once(bool wholly)
    {
        var names = MakeFolders();
        await using var store = OpenWithLayers();

        Assert.Equal(names, await ListAsync(store, wholly));
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task Many_writers_and_readers_lose_nothing_and_create_nothing_twice(bool wholly)
    {
        const int Objects = 100;
        await using var store = OpenWithLayers();
        var won = new int[Objects];
        await Parallel.ForEachAsync(Enumerable.Range(0, Objects), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) =>
        {
            if (i == Objects / 2)
                Die(wholly);
            var key = StoreKey.Parse($"many/{i}");
            await store.PutBytesAsync(StoreKey.Parse($"replaced/{i}"), Content(i), cancellationToken: token);
            won[i] = await CreateAsync(store, key, Content(i), token) ? 1 : 0;
            Assert.False(await CreateAsync(store, key, Content(i + 1), token));
            Assert.Equal(Content(i), await store.ReadBytesAsync(key, cancellationToken: token));
        });

        await _restarted!;
        Assert.DoesNotContain(0, won);
        Assert.Equal(2 * Objects, await store.ListAsync(cancellationToken: Token).CountAsync(Token));
        for (var i = 0; i < Objects; i++)
            Assert.Equal(Content(i), await store.ReadBytesAsync(StoreKey.Parse($"replaced/{i}"), cancellationToken: Token));
        Assert.Empty(_server.TemporaryFiles);
    }

    private static byte[] Content(int seed) => Pattern.Bytes((ulong)seed, 5000);

    /// <summary>Creates as a caller does: when the outcome is not known, it reads and compares.</summary>
    private static async Task<bool> CreateAsync(IStore store, StoreKey key, byte[] bytes, CancellationToken token)
    {
        while (true)
        {
            try
            {
                await store.PutBytesAsync(key, bytes, PutOptions.CreateOnly, token);
                return true;
            }
            catch (StoreException error) when (error.Kind == StoreErrorKind.AlreadyExists)
            {
                return false;
            }
            catch (StoreException error) when (error.Kind == StoreErrorKind.OutcomeUnknown)
            {
                if (await store.StatAsync(key, token) is not null)
                    return (await store.ReadBytesAsync(key, cancellationToken: token)).SequenceEqual(bytes);
            }
        }
    }

    private SftpStore Open() => new(_server.Options with { Connections = 1 });

    private IStore OpenWithLayers() => new StoreRegistry([new SftpStoreProvider()]).Open(
        $"sftp://{_server.Options.User}@127.0.0.1:{_server.Port}{_server.Root}?identityFile={_server.UserKey}&knownHosts={_server.KnownHosts}");

    /// <summary>Kills once; a server that died is started again on its port.</summary>
    private void Die(bool wholly)
    {
        lock (_lock)
        {
            if (_restarted is not null)
                return;
            if (wholly)
                _server.Kill();
            else
                _server.KillSessions();
            _restarted = wholly ? _server.StartAgainAsync() : Task.CompletedTask;
        }
    }

    /// <summary>A body in whose middle the server dies, the first time.</summary>
    private ObjectBody DeadlyBody(bool wholly) => ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new PatternStream(2, Size, reading: position =>
    {
        if (position > Size / 3)
            Die(wholly);
    }, most: 1 << 20)), Size, canReopen: true);

    private List<string> MakeFolders()
    {
        var names = Enumerable.Range(0, Folders).Select(static i => $"{i:00}/object").ToList();
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_server.Root + "/" + name)!);
            File.WriteAllText(_server.Root + "/" + name, "x");
        }
        return names;
    }

    private async Task<List<string>> ListAsync(IStore store, bool? dying)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(cancellationToken: Token))
        {
            names.Add(entry.Name);
            if (names.Count == Folders / 4 && dying is { } wholly)
                Die(wholly);
        }
        return names;
    }

    private static async Task IsUnavailableAsync(Func<Task> operation)
    {
        var error = await Assert.ThrowsAsync<StoreException>(operation);
        Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
    }

    private async Task IsUsableAgainAsync(SftpStore store, string? content)
    {
        await _restarted!;
        if (content is null)
            Assert.Null(await store.StatAsync(Key, Token));
        else
            Assert.Equal(content, await store.ReadTextAsync(Key, Token));
        Assert.Empty(_server.TemporaryFiles);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
