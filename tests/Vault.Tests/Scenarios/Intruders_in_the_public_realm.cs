using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What who can write to the store, and is no member, tries in a public vault, where the key is no obstacle.</summary>
public sealed class Intruders_in_the_public_realm
{
    private static Team NewTeam() => new() { Realm = Vault.PublicRealm };

    [Fact]
    public async Task What_strangers_sign_takes_no_room_and_is_no_evidence_against_anybody()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        using var stranger = await Forger.BeginAsync(team, team.Carol);
        var hers = await stranger.NewestOfAsync(team.Alice.Public);
        var invented = hers with { Number = 99 };
        await stranger.PutAsync(stranger.Seal("intruder", "1", seen: [invented]));
        foreach (var peer in (Vault[])[alice, await team.OpenPublicAsync()])
        {
            Assert.Equal(["a"], await peer.AllAsync());
            await peer.SyncAsync();
            var junk = Assert.Single(peer.GetFindings()).Finding;
            Assert.Equal((FindingKind.Junk, team.Carol.Public), (junk.Kind, junk.Member));
            var status = await peer.GetStatusAsync();
            Assert.Equal((1, 0, 0), (status.Commits, status.Waiting, status.Refused));
        }
    }

    [Fact]
    public async Task Who_seems_a_stranger_because_a_block_is_hidden_is_heard_when_the_block_is_there()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("his", "1");
        var hiding = new HookedStore(team.Store) { Hides = static key => key.EndsWith("ledger/0000000000002", StringComparison.Ordinal) };
        var anybody = await team.OpenPublicAsync(store: hiding);
        Assert.Empty(await anybody.AllAsync());
        hiding.Hides = static _ => false;
        Assert.Equal(["his"], await anybody.AllAsync());
        Assert.Empty(anybody.Findings(FindingKind.Junk));
    }

    [Fact]
    public async Task What_is_copied_between_a_members_realm_and_the_public_one_counts_in_neither()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("open", "1");
        await using var members = new Team(team.Store);
        await using var secret = await Vault.CreateAsync(team.Store, team.Alice, new VaultCreateOptions { IndexPath = team.NewIndex(), SyncCooldown = TimeSpan.Zero });
        await secret.WriteTextAsync("secret", "1");
        await secret.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        foreach (var key in await team.Store.KeysAsync("users/"))
            await CopyAsync(key, "public" + key["users".Length..]);
        foreach (var key in await team.Store.KeysAsync("public/"))
            await CopyAsync(key, "users" + key["public".Length..]);

        foreach (var peer in (Vault[])[alice, await team.OpenPublicAsync(), await team.OpenAsync(team.Bob)])
        {
            Assert.Equal(["open"], await peer.AllAsync());
            Assert.Equal([team.Alice.Public], (await peer.GetMembersAsync()).Select(static member => member.Id));
            Assert.All(peer.GetFindings(), static reported => Assert.Equal(FindingKind.Junk, reported.Finding.Kind));
        }
        Assert.Equal(["secret"], await secret.AllAsync());
        Assert.All(secret.GetFindings(), static reported => Assert.Equal(FindingKind.Junk, reported.Finding.Kind));
        await alice.WriteTextAsync("more", "1");
        await secret.WriteTextAsync("more", "1");

        async Task CopyAsync(string from, string to)
        {
            if (await team.Store.StatAsync(StoreKey.Parse(to)) is null)
                await team.Store.SetAsync(to, await team.Store.GetAsync(from));
        }
    }

    [Fact]
    public async Task A_members_vault_put_in_place_of_the_public_one_does_not_open()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("secret", "1");
        foreach (var key in await team.Store.KeysAsync("users/"))
            await team.Store.SetAsync("public" + key["users".Length..], await team.Store.GetAsync(key));
        Assert.Contains("no vault of", (await Assert.ThrowsAsync<VaultException>(() => team.OpenPublicAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_identity_a_store_that_takes_back_or_alters_is_noticed_too()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("small", "1");
        await alice.WriteAsync("large", TextFiles.Bytes(100_000));
        var invitation = await alice.InviteAsync("mem://team");
        var index = team.NewIndex();
        var anybody = await team.OpenPublicAsync(index);
        await team.Store.FlipAsync(Assert.Single(await team.Store.KeysAsync("public/data/")), 50_000);
        await Assert.ThrowsAsync<BodyDamagedException>(() => anybody.ReadBytesAsync("large"));
        await team.CloseAsync(anybody);

        var commits = await team.Store.KeysAsync("public/commits/");
        await team.Store.RemoveAsync(commits[^1]);
        // One that saw it before and has to find it again, and one that was told of it.
        anybody = await team.OpenPublicAsync(index);
        await anybody.RebuildIndexAsync();
        foreach (var reader in (Vault[])[anybody, await team.OpenPublicAsync(pin: invitation)])
            Assert.Equal(team.Alice.Public, Assert.Single(reader.Findings(FindingKind.Absence)).Member);
        await team.Store.RemoveAsync("public/ledger/0000000000001");
        await Assert.ThrowsAnyAsync<VaultException>(() => team.OpenPublicAsync(pin: invitation));
    }
}
