using Coffer.Testing;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A vault that anybody reads who knows its creator, and that only members write.</summary>
public sealed class The_public_realm
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static Team NewTeam(IStore? store = null, TimeSpan? cooldown = null) => new(store) { Realm = Vault.PublicRealm, Cooldown = cooldown ?? TimeSpan.Zero };

    [Fact]
    public async Task Anybody_reads_what_members_write_as_it_comes()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("docs/a", "first");
        var anybody = await team.OpenPublicAsync();
        var somebody = await team.OpenPublicAsync(pin: await bob.InviteAsync("mem://team"));
        var start = await anybody.GetPositionAsync();

        await bob.WriteTextAsync("docs/a", "second", new WriteOptions { Attributes = new byte[] { 1, 2 } });
        await bob.WriteAsync("large", TextFiles.Bytes(20 << 20));
        await alice.WriteTextAsync("gone", "1");
        await alice.DeleteAsync("gone");
        await bob.SetMyAttributeAsync("name", new byte[] { 66 });

        foreach (var reader in (Vault[])[anybody, somebody, await team.OpenPublicAsync()])
        {
            Assert.True(reader is { IsPublic: true, IsAnonymous: true, Access: AccessLevel.None, Realm: "public" });
            Assert.Equal(alice.Id, reader.Id);
            Assert.Equal(["docs/a", "large"], await reader.AllAsync());
            Assert.Equal("second", await reader.ReadTextAsync("docs/a"));
            var versions = await reader.GetVersionsAsync("docs/a");
            Assert.Equal([team.Alice.Public, team.Bob.Public], versions.Select(static version => version.Author));
            Assert.Equal("first", await reader.ReadTextAsync("docs/a", versions[0].Id));
            Assert.Equal([1, 2], (await reader.StatAsync("docs/a"))!.Attributes.ToArray());
            Assert.Equal(20, (await reader.ReadBytesAsync("large", new ReadFileOptions { Range = new ByteRange(17_000_000, 20) })).Length);
            Assert.Equal("1", await reader.ReadTextAsync("gone", (await reader.GetVersionsAsync("gone"))[0].Id));
            Assert.Equal([66], (await reader.GetMemberAttributesAsync(team.Bob.Public))["name"].ToArray());
            Assert.Equal(2, (await reader.GetMembersAsync()).Count(static member => !member.IsMe));
            Assert.Equal(2, (await reader.GetLedgerAsync()).Count);
            Assert.Equal((2, 1, 2), (await reader.GetStatusAsync()) is var status ? (status.Files, status.Epoch, status.Members) : default);
            Assert.Empty(reader.GetFindings());
        }

        await using var changes = anybody.WatchAsync(start).GetAsyncEnumerator();
        var changed = new List<string>();
        while (changed.Count < 4 && await changes.MoveNextAsync())
            changed.Add(changes.Current.Version.Path);
        Assert.Equal(["docs/a", "gone", "gone", "large"], changed.Order(StringComparer.Ordinal));

        await anybody.RebuildIndexAsync();
        await bob.WriteTextAsync("later", "1");
        Assert.Equal(["docs/a", "large", "later"], await anybody.AllAsync());
    }

    [Fact]
    public async Task Who_has_no_identity_changes_nothing_and_never_puts_anything()
    {
        var seen = new CountingStore(new Coffer.Stores.MemoryStore("public"));
        await using var team = NewTeam(seen);
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        seen.Reset();
        var anybody = await team.OpenPublicAsync(cooldown: TimeSpan.Zero);
        await anybody.AllAsync();
        await anybody.RebuildIndexAsync();
        Assert.Equal(0, seen.Counts.Put + seen.Counts.Delete);
        seen.Reset();
        Func<Task>[] changes =
        [
            () => anybody.WriteTextAsync("a", "2"),
            () => anybody.WriteTextAsync("a", "2", new WriteOptions { Mode = WriteMode.Async }),
            () => anybody.WriteManyAsync([new FileWrite("b", TextFiles.Content("2"))]),
            () => anybody.DeleteAsync("a"),
            () => anybody.DeleteManyAsync(["a"]),
            () => anybody.SetAttributesAsync("a", new byte[] { 1 }),
            () => anybody.SetMyAttributeAsync("name", new byte[] { 1 }),
            () => anybody.SetAccessAsync(team.Bob.Public, AccessLevel.Write),
            () => anybody.ConfigureAsync(new VaultSettings { Quota = 1 }),
            () => anybody.RotateKeyAsync(),
        ];
        foreach (var change in changes)
            Assert.Contains("without an identity", (await Assert.ThrowsAsync<AccessDeniedException>(change)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => anybody.Me);
        await anybody.WaitFilesAsync();
        await team.CloseAsync(anybody);
        Assert.Equal(0, seen.Counts.Total);
    }

    [Fact]
    public async Task An_encrypted_vault_does_not_open_without_an_identity_and_nothing_is_asked_of_the_store()
    {
        var store = new CountingStore(new Coffer.Stores.MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var invitation = await alice.InviteAsync("mem://team");
        Assert.False(alice.IsPublic);
        store.Reset();
        var options = new VaultOpenOptions { IndexPath = team.NewIndex(), Creator = team.Alice.Public };
        foreach (var encrypted in (VaultOpenOptions[])[options with { Realm = "users" }, options with { Pin = invitation }])
        {
            var denied = await Assert.ThrowsAsync<AccessDeniedException>(() => Vault.OpenPublicAsync(store, encrypted));
            Assert.Contains("identity of a member", denied.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, store.Counts.Total);
        Assert.Contains("no vault of", (await Assert.ThrowsAsync<VaultException>(() => team.OpenPublicAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_creator_must_be_the_right_one_and_is_remembered()
    {
        await using var team = NewTeam();
        await (await team.CreateAsync()).WriteTextAsync("a", "1");
        var index = team.NewIndex();
        var unknown = await Assert.ThrowsAsync<VaultException>(() => Vault.OpenPublicAsync(team.Store, new VaultOpenOptions { IndexPath = index }));
        Assert.Contains("Who created", unknown.Message, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<VaultException>(() => team.OpenPublicAsync(index, creator: team.Carol.Public));
        Assert.Contains(team.Carol.Public.Fingerprint, wrong.Message, StringComparison.Ordinal);
        await team.CloseAsync(await team.OpenPublicAsync(index));
        await using var again = await Vault.OpenPublicAsync(team.Store, new VaultOpenOptions { IndexPath = index });
        Assert.Equal(["a"], await again.NamesAsync());
    }

    [Fact]
    public async Task A_stranger_with_an_identity_reads_and_writes_once_it_was_granted()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        var carol = await team.OpenAsync(team.Carol);
        Assert.Equal("1", await carol.ReadTextAsync("a"));
        Assert.Equal((AccessLevel.None, false), (carol.Access, carol.IsAnonymous));
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.WriteTextAsync("b", "1"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.SetMyAttributeAsync("name", new byte[] { 1 }));
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read);
        await carol.SetMyAttributeAsync("name", new byte[] { 1 });
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.WriteTextAsync("b", "1"));
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        await carol.WriteTextAsync("b", "1");
        Assert.Equal(["a", "b"], await (await team.OpenPublicAsync()).AllAsync());
    }

    [Fact]
    public async Task A_removed_writer_adds_nothing_and_no_new_key_is_needed_for_it()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("before", "1");
        var anybody = await team.OpenPublicAsync();
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        using var forger = await Forger.BeginAsync(team, team.Bob);
        var own = await forger.NewestOfAsync(bob.Me);
        await forger.PutAsync(forger.Seal("on its own line", "1", after: own, height: 2));
        await forger.PutAsync(forger.Seal("on a new line", "1", writer: 1, height: 2));
        await forger.PutAsync(forger.Seal("after the removal", "1", writer: 2));
        await alice.WriteTextAsync("after", "1");
        foreach (var reader in (Vault[])[anybody, await team.OpenPublicAsync(), bob])
        {
            Assert.Equal(["after", "before"], await reader.AllAsync());
            Assert.Equal(3, reader.Findings(FindingKind.Refused).Count(finding => finding.Member == team.Bob.Public));
            Assert.Equal(1, (await reader.GetStatusAsync()).Epoch);
        }
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.WriteTextAsync("b", "1"));
        Assert.Contains("everybody has", (await Assert.ThrowsAsync<VaultException>(() => alice.RotateKeyAsync())).Message, StringComparison.Ordinal);
        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        await bob.WriteTextAsync("back", "1");
        Assert.Equal(["after", "back", "before"], await anybody.AllAsync());
    }

    [Fact]
    public async Task An_index_that_was_made_without_an_identity_serves_one_later_and_nobody_else_then()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        var index = team.NewIndex();
        var before = await team.OpenPublicAsync(index);
        Assert.Equal("1", await before.ReadTextAsync("a"));
        await team.CloseAsync(before);
        // An attempt that does not get as far as the vault takes nothing away.
        var down = new HookedStore(team.Store) { FailsToRead = static _ => true };
        await Assert.ThrowsAsync<StoreException>(() => team.OpenAsync(team.Bob, index, store: down));

        var still = await team.OpenPublicAsync(index);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal("1", await bob.ReadTextAsync("a"));
        await bob.WriteTextAsync("b", "2");
        Assert.Contains("begun anew", (await Assert.ThrowsAsync<VaultException>(() => still.NamesAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VaultException>(() => still.RebuildIndexAsync());
        await team.CloseAsync(still);
        await team.CloseAsync(bob);

        var denied = await Assert.ThrowsAsync<AccessDeniedException>(() => team.OpenPublicAsync(index));
        Assert.Contains(team.Bob.Public.Fingerprint, denied.Message, StringComparison.Ordinal);
        bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal("2", await bob.ReadTextAsync("b"));
        Assert.Equal(["a", "b"], await alice.AllAsync());
        Assert.Empty(bob.GetFindings());
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task Opening_without_an_identity_costs_what_opening_costs()
    {
        var store = new CountingStore(new Coffer.Stores.MemoryStore("public"));
        await using var team = NewTeam(store, Long);
        var alice = await team.CreateAsync();
        for (var i = 0; i < 20; i++)
            await alice.WriteTextAsync($"{i}", "1");
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await team.CloseAsync(alice);
        store.Reset();
        await team.OpenAsync(team.Bob);
        var ordinary = store.Reset();
        var anybody = await team.OpenPublicAsync();
        Assert.Equal(ordinary, store.Reset());
        await anybody.NamesAsync();
        Assert.Equal(0, store.Counts.Total);
    }

    [Fact]
    public async Task What_is_sealed_to_a_person_is_secret_here_too_and_the_person_needs_no_access()
    {
        await using var team = NewTeam();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("for carol", "secret", new WriteOptions { Recipient = team.Carol.Public });
        var index = team.NewIndex();
        var anybody = await team.OpenPublicAsync(index);
        Assert.Empty(await anybody.AllAsync());
        await team.CloseAsync(anybody);
        // The index that was made without her holds nothing of it, and is begun anew for her.
        foreach (var carol in (Vault[])[await team.OpenAsync(team.Carol, index), await team.OpenAsync(team.Carol)])
        {
            var seal = new FileSeal(team.Alice.Public, team.Carol.Public);
            Assert.Equal("secret"u8.ToArray(), await carol.ReadBytesAsync("for carol", new ReadFileOptions { Seal = seal }));
        }
    }
}
