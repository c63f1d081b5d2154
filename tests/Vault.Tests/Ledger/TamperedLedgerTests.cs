using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;


namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Slots that vanish, change, or are missing before others: noticed, put back where that can be, and never built upon unasked.</summary>
public sealed class TamperedLedgerTests : LookParts
{
    [Fact]
    public async Task The_newest_slot_that_vanished_is_reported_and_put_back()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        await alice.SetAsync(People.Bob, AccessLevel.None);
        var removal = await ReadAsync(store, 3);
        await store.DeleteAsync(Device.Slot(3));
        Assert.False(await alice.LookAsync());
        Found(alice, FindingKind.Absence, "ledger/0000000000003");
        Assert.Equal(removal, await ReadAsync(store, 3));
        Assert.Empty(alice.Client.Obstacles);
        var newcomer = new Device(store, People.Carol);
        await newcomer.LookAsync();
        Assert.Equal(AccessLevel.None, newcomer.Chain.Tip.LevelOf(People.Bob.Public));
    }

    [Fact]
    public async Task A_skipped_slot_that_vanished_is_put_back_too_or_newcomers_would_fork()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.PutAsync(2, Junk);
        await alice.PutAsync(3, new byte[LedgerReplica.MostJunkKept + 1]);
        await alice.LookAsync();
        await store.DeleteAsync(Device.Slot(3));
        await alice.LookAsync();
        Assert.Contains(FindingKind.Absence, alice.Findings.Kinds());
        var count = alice.Findings.All.Count;
        await alice.LookAsync();
        await RotateAsync(alice);
        // Other junk in place of junk that was not kept changes no verdict, and is no finding.
        Assert.Equal(count, alice.Findings.All.Count);
        var newcomer = new Device(store, People.Carol);
        await newcomer.LookAsync();
        Assert.Equal((alice.Chain.Tip.Hash, 4L), (newcomer.Chain.Tip.Hash, newcomer.Chain.Tip.Slot));
    }

    [Fact]
    public async Task A_vanished_slot_that_cannot_be_put_back_lets_nothing_be_appended()
    {
        var memory = new MemoryStore("ledger");
        var store = new FaultyStore(memory);
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        await memory.DeleteAsync(Device.Slot(2));
        var fault = store.Inject(new Fault { Operation = StoreOperation.Put, Kind = StoreErrorKind.PermissionDenied, Times = int.MaxValue });
        await alice.LookAsync();
        Assert.Equal(FindingKind.Absence, Assert.Single(alice.Client.Obstacles).Kind);
        fault.Dispose();
        await RotateAsync(alice);
        Assert.Equal(3, alice.Chain.Height);
        Assert.Empty(alice.Client.Obstacles);
    }

    [Fact]
    public async Task A_newest_slot_that_changed_is_proof_and_stops_appends_until_it_is_accepted()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        var other = alice.Forge(People.Alice, [Quota]);
        await RotateAsync(alice);
        await alice.PutAsync(2, other);
        await alice.LookAsync();
        Found(alice, FindingKind.Proof, "ledger/0000000000002", People.Alice.Public);
        var stopped = await Assert.ThrowsAsync<VaultIntegrityException>(() => RotateAsync(alice));
        Assert.Equal(alice.Findings.All, stopped.Findings);
        alice.Findings.Accept(alice.Findings.All[0]);
        await RotateAsync(alice);
        Assert.Equal(3, alice.Chain.Height);
    }

    [Fact]
    public async Task A_later_block_that_continues_the_chain_outweighs_a_changed_slot()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        var other = new Device(store, People.Alice, archive: alice.Archive);
        await alice.PutAsync(2, Junk);
        await alice.LookAsync();
        Assert.Single(alice.Client.Obstacles);
        await alice.PutAsync(3, other.Forge(People.Alice, [Quota]));
        await alice.LookAsync();
        Assert.Equal(3, alice.Chain.Height);
        Assert.Empty(alice.Client.Obstacles);
        Found(alice, FindingKind.Proof, "ledger/0000000000002");
    }

    [Fact]
    public async Task A_changed_slot_is_noticed_after_a_restart_too()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        await alice.PutAsync(2, Junk);
        var again = new Device(store, People.Alice, archive: alice.Archive);
        await again.LookAsync();
        Found(again, FindingKind.Proof, "ledger/0000000000002");
    }

    [Fact]
    public async Task A_changed_slot_that_is_mended_stops_nothing_any_more()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        var right = await ReadAsync(store, 2);
        await alice.PutAsync(2, Junk);
        await alice.LookAsync();
        Assert.Single(alice.Client.Obstacles);
        await alice.PutAsync(2, right);
        await RotateAsync(alice);
        Assert.Empty(alice.Client.Obstacles);
    }

    [Fact]
    public async Task An_absent_slot_with_an_admins_block_behind_it_is_an_absence_and_stops_appends()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 2);
        await store.DeleteAsync(Device.Slot(2));
        var newcomer = new Device(store, People.Alice);
        await newcomer.LookAsync();
        Assert.Equal(1, newcomer.Chain.Height);
        Found(newcomer, FindingKind.Absence, "ledger/0000000000002", People.Alice.Public);
        await Assert.ThrowsAsync<VaultIntegrityException>(() => RotateAsync(newcomer));
        // It comes back, and all is well.
        await alice.PutAsync(2, alice.Archive.Slots[2].Bytes);
        await RotateAsync(newcomer);
        Assert.Equal(4, newcomer.Chain.Height);
        Assert.Empty(newcomer.Client.Obstacles);
    }

    [Fact]
    public async Task A_hole_is_filled_only_when_the_admin_accepted_it()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 2);
        await store.DeleteAsync(Device.Slot(2));
        var newcomer = new Device(store, People.Alice, seed: 5);
        await newcomer.LookAsync();
        newcomer.Findings.Accept(Assert.Single(newcomer.Findings.All));
        await RotateAsync(newcomer);
        // The block that stood behind the hole continues another chain now: skipped, and told.
        Assert.Equal(2, newcomer.Chain.Height);
        Assert.Equal([FindingKind.Absence, FindingKind.Claim], newcomer.Findings.Kinds());
    }

    [Fact]
    public async Task Junk_and_copies_behind_the_end_are_no_hole()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        await alice.PutAsync(4, Junk);
        await alice.PutAsync(5, await ReadAsync(store, 2));
        await alice.PutAsync(6, alice.Forge(People.Dave, [Quota], slot: 6));
        await alice.PutAsync(7, alice.Forge(People.Alice, [Quota], block => block with { Vault = Digest.Of([1]) }, slot: 7));
        await store.PutTextAsync(StoreKey.Parse("users/ledger/notes"), "x");
        await store.PutTextAsync(StoreKey.Parse("users/ledger/0000000000003x"), "x");
        await alice.LookAsync();
        Assert.Empty(alice.Findings.All);
        await RotateAsync(alice);
        await RotateAsync(alice);
        Assert.Equal((4, 8), (alice.Chain.Height, alice.Chain.Tip.Slot));
        var newcomer = new Device(store, People.Carol);
        await newcomer.LookAsync();
        Assert.Equal(alice.Chain.Tip.Hash, newcomer.Chain.Tip.Hash);
    }

    [Fact]
    public async Task A_skipped_block_of_an_admin_stops_appends_until_it_is_accepted()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.PutAsync(2, alice.Forge(People.Alice, [Quota], block => block with { Previous = Digest.Of([1]) }));
        await alice.LookAsync();
        Found(alice, FindingKind.Claim, "ledger/0000000000002", People.Alice.Public);
        await Assert.ThrowsAsync<VaultIntegrityException>(() => RotateAsync(alice));
        var again = new Device(store, People.Alice, archive: alice.Archive);
        await Assert.ThrowsAsync<VaultIntegrityException>(() => RotateAsync(again));
        alice.Findings.Accept(alice.Findings.All[0]);
        await RotateAsync(alice);
        Assert.Equal((2, 3), (alice.Chain.Height, alice.Chain.Tip.Slot));
        // A later block continues the chain, so who accepted nothing may append again.
        await RotateAsync(again);
        Assert.Equal(3, again.Chain.Height);
    }

    [Fact]
    public async Task A_losing_block_that_somebody_put_back_is_proof_and_its_copies_are_not_told_again()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        var losing = alice.Forge(People.Alice, [Quota]);
        await RotateAsync(alice);
        await alice.PutAsync(3, losing);
        await alice.PutAsync(4, losing);
        await alice.LookAsync();
        Assert.Equal([FindingKind.Proof, FindingKind.Junk], alice.Findings.Kinds());
        Assert.Equal(Digest.Of(losing).ToString(), Assert.Single(alice.Client.Obstacles).Evidence);
    }
}
