using Coffer.Stores;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Opening_the_wrong_way
{
    [Fact]
    public async Task An_index_opens_for_no_other_identity_than_its_own()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await team.CloseAsync(alice);
        var denied = await Assert.ThrowsAsync<AccessDeniedException>(() => team.OpenAsync(team.Bob, index));
        Assert.Contains(team.Alice.Public.Fingerprint, denied.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await (await team.OpenAsync(team.Alice, index)).GetMembersAsync()).Count);
    }

    [Fact]
    public async Task A_wrong_creator_is_told_and_leaves_the_index_fit_for_the_right_one()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var wrong = await Assert.ThrowsAsync<VaultException>(() => team.OpenAsync(team.Bob, index, creator: team.Carol.Public));
        Assert.Contains(team.Carol.Public.Fingerprint, wrong.Message, StringComparison.Ordinal);
        var bob = await team.OpenAsync(team.Bob, index);
        Assert.Empty(bob.GetFindings());
        await bob.WriteTextAsync("a", "1");
        Assert.Equal(["a"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_wrong_realm_is_told_and_leaves_the_index_fit_for_the_right_one()
    {
        await using var team = new Team();
        await team.CreateAsync();
        var index = team.NewIndex();
        await Assert.ThrowsAsync<VaultException>(() => Vault.OpenAsync(team.Store, team.Alice, new VaultOpenOptions { IndexPath = index, Realm = "admins", Creator = team.Alice.Public }));
        Assert.Equal("users", (await team.OpenAsync(team.Alice, index)).Realm);
    }

    [Fact]
    public async Task An_invitation_to_another_vault_is_not_believed()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await using var other = new Team();
        var others = Invitation.Parse((await (await other.CreateAsync()).InviteAsync("mem://x")).ToString());
        var index = team.NewIndex();
        await Assert.ThrowsAnyAsync<VaultException>(() => team.OpenAsync(team.Bob, index, pin: others));
        await Assert.ThrowsAnyAsync<VaultException>(() => team.OpenAsync(team.Bob, index, pin: new Invitation(
            "mem://x", "users", alice.Me, others.Vault, 1, 1, others.Head, null)));
        Assert.Equal(alice.Id, (await team.OpenAsync(team.Bob, index)).Id);
    }

    [Fact]
    public async Task A_store_that_was_set_back_is_found_out_by_an_invitation()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        var invitation = await alice.InviteAsync("mem://team");
        var hidden = new HookedStore(team.Store) { Hides = static key => key.EndsWith("ledger/0000000000003", StringComparison.Ordinal) };
        var back = await Assert.ThrowsAsync<VaultIntegrityException>(() => team.OpenAsync(team.Bob, pin: invitation, store: hidden));
        Assert.Equal(FindingKind.Absence, Assert.Single(back.Findings).Kind);
    }

    [Fact]
    public async Task A_commit_that_an_invitation_vouches_for_is_missed()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.WriteTextAsync("a", "1");
        var invitation = await alice.InviteAsync("mem://team");
        await team.Store.RemoveAsync(Assert.Single(await team.Store.KeysAsync(StoredObjects.CommitKeys)));
        var bob = await team.OpenAsync(team.Bob, pin: invitation);
        Assert.Equal(alice.Me, Assert.Single(bob.Findings(FindingKind.Absence)).Member);
    }

    [Fact]
    public async Task An_index_belongs_to_one_vault_and_takes_nothing_from_another()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        await team.CloseAsync(await team.CreateAsync(index: index));
        var elsewhere = new MemoryStore("elsewhere");
        await Assert.ThrowsAsync<VaultException>(() => team.CreateAsync(index: index, store: elsewhere));
        Assert.Empty(await elsewhere.KeysAsync(""));
        await team.CreateAsync(store: elsewhere);
        var vault = await team.OpenAsync(team.Alice, index, store: elsewhere);
        Assert.True(Assert.Single(vault.Findings(FindingKind.Proof)).NamesStore);
        await Assert.ThrowsAsync<VaultIntegrityException>(() => vault.WriteTextAsync("a", "1"));
        await Assert.ThrowsAsync<VaultIntegrityException>(() => vault.RotateKeyAsync());
    }

    [Fact]
    public async Task A_realm_that_has_a_ledger_is_refused_and_nothing_in_it_changes()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var before = await team.Store.KeysAsync("");
        await Assert.ThrowsAsync<VaultException>(() => team.CreateAsync());
        await using var other = new Team(team.Store);
        await Assert.ThrowsAsync<VaultException>(() => other.CreateAsync());
        Assert.Equal(before, await team.Store.KeysAsync(""));
        await alice.WriteTextAsync("a", "1");
    }

    [Fact]
    public async Task A_store_without_conditional_puts_is_refused_before_anything_is_asked_of_it()
    {
        var store = new HookedStore(new MemoryStore("weak")) { Pretended = new StoreCapabilities() };
        await using var team = new Team(store);
        await Assert.ThrowsAsync<VaultException>(() => team.CreateAsync());
        await Assert.ThrowsAsync<VaultException>(() => team.OpenAsync(team.Alice));
        Assert.Empty(store.Puts);
    }

    [Fact]
    public async Task A_deleted_index_comes_back_from_the_store()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("a", "1");
        await alice.SetMyAttributeAsync("name", new byte[] { 1 });
        await team.CloseAsync(alice);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(index)!, "*.index-*"))
            File.Delete(file);
        alice = await team.OpenAsync(team.Alice, index);
        Assert.Equal("1", await alice.ReadTextAsync("a"));
        Assert.Single(await alice.GetMemberAttributesAsync(alice.Me));
        await alice.WriteTextAsync("b", "1");
        Assert.Single((await team.Store.KeysAsync(StoredObjects.CommitKeys)).Select(static key => key[..^13]).Distinct());
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task A_new_state_takes_up_nothing_of_an_index_that_was_left_behind()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("of the first vault", "1");
        await team.CloseAsync(alice);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(index)!, "*.state.db*"))
            File.Delete(file);
        await team.CreateAsync(index: team.NewIndex(), store: new MemoryStore("second"));
        var second = new MemoryStore("third");
        var vault = await team.CreateAsync(index: index, store: second);
        Assert.Empty(await vault.AllAsync());
    }

    [Fact]
    public async Task Damaged_local_files_are_named()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        await team.CloseAsync(await team.CreateAsync(index: index));
        var state = Path.ChangeExtension(index, ".state.db");
        await File.WriteAllTextAsync(state, new string('x', 10_000));
        var fault = await Assert.ThrowsAnyAsync<VaultException>(() => team.OpenAsync(team.Alice, index));
        Assert.Contains(state, fault.Message, StringComparison.Ordinal);
    }
}
