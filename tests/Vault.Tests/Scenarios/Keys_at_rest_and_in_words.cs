using System.Globalization;
using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Records;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>No private id, key of an epoch, key of a body or passphrase stands in anything that is told, in any local file, or on the store.</summary>
public sealed class Keys_at_rest_and_in_words : IAsyncDisposable
{
    private const string Passphrase = "correct horse battery staple";

    private readonly Team _team = new();

    [Fact]
    public async Task No_key_is_told_or_kept_in_clear()
    {
        using var told = new ToldText();
        await using var store = new TelemetryStore(_team.Store, TimeProvider.System);
        var identity = Path.Combine(_team.Folder, "alice.id");
        await IdentityFile.WriteAsync(identity, _team.Alice, Passphrase);
        var alice = await LiveAsync(store, told);
        await FailAsync(store, identity, told);

        var secrets = new Secrets();
        secrets.Add("the passphrase", System.Text.Encoding.UTF8.GetBytes(Passphrase));
        foreach (var (person, name) in ((PrivateId, string)[])[(_team.Alice, "Alice's private id"), (_team.Bob, "Bob's private id")])
        {
            var secret = new byte[PrivateId.Size];
            person.CopySecretTo(secret);
            secrets.Add(name, secret);
            secrets.Add(name + ", its second half", secret.AsSpan(PrivateId.Size / 2));
        }
        using var member = await Forger.BeginAsync(_team, _team.Bob);
        await AddKeysAsync(secrets, member);
        Assert.Equal(9, secrets.Count);
        // The search sees a key that is there.
        Assert.NotEmpty(secrets.In(_team.Bob.ExportText()));

        Assert.True(told.Lines.Count > 100);
        Assert.Empty(told.Lines.SelectMany(secrets.In).Distinct());
        // Lock files are empty, and locked.
        var files = Array.FindAll(Directory.GetFiles(_team.Folder, "*", SearchOption.AllDirectories), static file => !file.Contains(".locks", StringComparison.Ordinal));
        Assert.Contains(files, static file => file.Contains(".spool", StringComparison.Ordinal));
        foreach (var file in files)
            Assert.Empty(secrets.In(await ReadSharedAsync(file)).Select(found => $"{found} in {file}"));
        foreach (var key in await _team.Store.KeysAsync(""))
            Assert.Empty(secrets.In(await _team.Store.GetAsync(key)).Select(found => $"{found} in {key}"));
        await _team.CloseAsync(alice);
    }

    /// <summary>Everything that makes keys: grants, rotations, small, large, sealed and waiting files; and all that comes back is told.</summary>
    private async Task<Vault> LiveAsync(IStore store, ToldText told)
    {
        var alice = await _team.CreateAsync(store: store, queue: new QueueOptions { Sends = false });
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        await alice.RotateKeyAsync();
        var bob = await _team.OpenAsync(_team.Bob, store: store);
        told.Add(await alice.WriteTextAsync("small", "text"));
        told.Add(await alice.WriteAsync("large", Bytes(300_000)));
        told.Add(await alice.WriteTextAsync("sealed", "text", new WriteOptions { Recipient = _team.Bob.Public }));
        told.Add(await bob.SyncAsync());
        foreach (var path in await bob.NamesAsync())
            told.Add(await bob.StatAsync(path));
        told.Add(await alice.HousekeepAsync());
        told.Add(await alice.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = true }));
        told.Add(await alice.GetStatusAsync());
        told.Add(await alice.InviteAsync("file:///srv/coffer"));
        told.Add(await alice.WriteTextAsync("waiting", new string('w', 100_000), new WriteOptions { Mode = WriteMode.Async }));
        told.Add(_team.Alice);
        told.Add(new VaultOpenOptions { IndexPath = "x" });
        return alice;
    }

    /// <summary>What goes wrong is told at length.</summary>
    private async Task FailAsync(IStore store, string identity, ToldText told)
    {
        told.Add(await Xunit.Record.ExceptionAsync(() => IdentityFile.ReadAsync(identity, static _ => ValueTask.FromResult<string?>("not " + Passphrase))));
        told.Add(await Xunit.Record.ExceptionAsync(() => _team.OpenAsync(_team.Carol, store: store)));
        await using var lying = new MaliciousStore(_team.Store);
        lying.Tell(Lies.Hide(static key => key.Value.StartsWith("users/data/", StringComparison.Ordinal)));
        foreach (var key in await _team.Store.KeysAsync("users/commits/"))
            lying.Tell(Lies.Flip(StoreKey.Parse(key), -1));
        var bob = await _team.OpenAsync(_team.Bob, store: lying);
        foreach (var path in (string[])["small", "large"])
            told.Add(await Xunit.Record.ExceptionAsync(() => bob.ReadBytesAsync(path)));
        told.Add(await bob.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = true }));
        foreach (var finding in bob.GetFindings())
            told.Add(finding);
        told.Add(Assert.Throws<FormatException>(() => PrivateId.Parse(_team.Alice.ExportText()[..^3] + "AAA")));
    }

    private async Task AddKeysAsync(Secrets secrets, Forger member)
    {
        var epoch = new byte[EpochKeys.KeySize];
        for (var number = 1; member.TryGetKey(number, epoch); number++)
            secrets.Add(string.Create(CultureInfo.InvariantCulture, $"the key of epoch {number}"), epoch);
        foreach (var key in await _team.Store.KeysAsync("users/commits/"))
        {
            var commit = await member.OpenAsync(key);
            foreach (var put in commit.Head.Records.OfType<PutRecord>())
            {
                if (put.Body is { } body)
                    secrets.Add($"the key of the body of '{put.Path}'", body.Key);
            }
        }
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[open.Length];
        await open.ReadExactlyAsync(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
