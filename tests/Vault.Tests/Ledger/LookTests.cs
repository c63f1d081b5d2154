using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Looks at the end of the ledger: what is new, and what must not be.</summary>
public class LookTests : LookParts
{
    [Fact]
    public async Task A_look_brings_all_new_blocks_for_one_listing_and_one_read_each()
    {
        var store = new CountingStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 30);
        var bob = new Device(store, People.Bob);
        store.Reset();
        Assert.True(await bob.LookAsync());
        Assert.Equal(31, bob.Chain.Height);
        Assert.Equal((31, 1, 32), (store.Counts.Read, store.Counts.List, store.Reset().Total));
        Assert.False(await bob.LookAsync());
        Assert.Equal((1, 1), (store.Counts.List, store.Reset().Total));
        await RotateAsync(alice, 3);
        store.Reset();
        Assert.True(await bob.LookAsync());
        Assert.Equal((3, 1, 4), (store.Counts.Read, store.Counts.List, store.Reset().Total));
        Assert.Equal(alice.Chain.Tip.Hash, bob.Chain.Tip.Hash);
        Assert.Empty(bob.Findings.All);
    }

    [Fact]
    public async Task A_store_without_a_vault_of_the_creator_says_so()
    {
        var store = new MemoryStore("ledger");
        var alice = new Device(store, People.Alice);
        Assert.Contains("no vault", (await Assert.ThrowsAsync<VaultException>(alice.LookAsync)).Message, StringComparison.Ordinal);
        await Device.CreateAsync(store, People.Bob);
        Assert.Contains("does not belong", (await Assert.ThrowsAsync<VaultException>(alice.LookAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_is_not_made_where_there_is_anything()
    {
        var store = new MemoryStore("ledger");
        await Device.CreateAsync(store);
        var before = await ReadAsync(store, 1);
        var again = new Device(store, People.Alice, seed: 50);
        await Assert.ThrowsAsync<VaultException>(async () => await again.Client.CreateAsync(60, [], CancellationToken.None));
        Assert.Equal(before, await ReadAsync(store, 1));

        var other = new MemoryStore("other");
        await other.PutTextAsync(StoreKey.Parse("users/ledger/readme"), "hello");
        await Assert.ThrowsAsync<VaultException>(async () => await new Device(other, People.Alice).Client.CreateAsync(60, [], CancellationToken.None));
        await Assert.ThrowsAsync<AccessDeniedException>(async () => await new Device(new MemoryStore("third"), People.Bob).Client.CreateAsync(60, [], CancellationToken.None));
    }

    [Theory]
    [InlineData(FaultMoment.Before)]
    [InlineData(FaultMoment.After)]
    public async Task A_vault_is_made_although_the_answer_was_lost(FaultMoment moment)
    {
        var store = new FaultyStore(new MemoryStore("ledger"));
        store.Inject(new Fault { Operation = StoreOperation.Put, Moment = moment });
        var alice = await Device.CreateAsync(store);
        Assert.Equal(1, alice.Chain.Height);
        Assert.Equal(1, store.FaultCount);
    }

    [Fact]
    public async Task Of_two_who_make_a_vault_at_the_same_time_one_is_told_that_it_is_taken()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var late = new Device(faulty, People.Alice, seed: 8);
        // The other one comes between the listing, which finds nothing, and the put.
        var created = false;
        faulty.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue, Key = _ => Create() });
        bool Create()
        {
            if (!created)
            {
                created = true;
                Assert.True(Device.CreateAsync(memory).IsCompletedSuccessfully);
            }
            return false;
        }
        await Assert.ThrowsAsync<VaultException>(async () => await late.Client.CreateAsync(60, [], CancellationToken.None));
        Assert.True(late.Chain.IsEmpty);
    }

    [Fact]
    public async Task Junk_in_slots_is_skipped_and_reported_and_the_ledger_goes_on()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.PutAsync(2, Junk);
        await alice.PutAsync(3, alice.Forge(People.Dave, [Quota], slot: 3));
        await alice.PutAsync(4, await ReadAsync(store, 1));
        await alice.PutAsync(5, new byte[Block.MaxSize + 1]);
        await RotateAsync(alice);
        Assert.Equal((2, 6), (alice.Chain.Height, alice.Chain.Tip.Slot));
        Assert.Equal(Enumerable.Repeat(FindingKind.Junk, 4), alice.Findings.Kinds());
        Assert.Empty(alice.Client.Obstacles);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal(alice.Chain.Tip.Hash, bob.Chain.Tip.Hash);
    }

    [Fact]
    public async Task Junk_before_the_first_block_does_not_hide_the_vault()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice);
        await alice.PutAsync(1, Junk);
        var bob = new Device(store, People.Bob, vault: alice.Chain.Tip.VaultId);
        await Assert.ThrowsAsync<VaultException>(bob.LookAsync);
        // What is seen of the vault tells that its beginning is missing.
        Assert.Equal([FindingKind.Junk, FindingKind.Claim], bob.Findings.Kinds());
    }

    [Fact]
    public async Task An_archive_brings_everything_back_without_a_request()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Write);
        await alice.PutAsync(3, Junk);
        await RotateAsync(alice);
        var again = new Device(new CountingStore(new MemoryStore("nowhere")), People.Alice, archive: alice.Archive);
        Assert.Equal(alice.Chain.Tip.Hash, again.Chain.Tip.Hash);
        Assert.Equal(5, again.Client.NextSlot);
        Assert.Equal([1, 2], again.Keys.Epochs);
        Assert.Equal(0, ((CountingStore)again.Store).Counts.Total);
    }

    [Fact]
    public async Task A_damaged_archive_is_told_and_not_used()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 2);
        void Damaged(Action<SortedDictionary<long, StoredBlock>> damage)
        {
            var archive = new MemoryArchive();
            foreach (var stored in alice.Archive.Slots.Values)
                archive.Save(stored);
            damage(archive.Slots);
            Assert.Contains("local state", Assert.Throws<VaultException>(() => new Device(store, People.Alice, archive: archive)).Message, StringComparison.Ordinal);
        }
        Damaged(slots => slots.Remove(2));
        Damaged(slots => slots[2] = slots[2] with { Bytes = [.. slots[2].Bytes[..^1], 0] });
        Damaged(slots => slots[2] = slots[2] with { Height = 0 });
        Damaged(slots => slots[2] = slots[2] with { Bytes = Junk, Hash = Digest.Of(Junk) });
    }

    [Fact]
    public async Task A_look_that_the_store_fails_loses_nothing()
    {
        var store = new FaultyStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 20);
        var bob = new Device(store, People.Bob);
        store.Inject(new Fault { Operation = StoreOperation.Read, First = 12 });
        await Assert.ThrowsAsync<StoreException>(bob.LookAsync);
        Assert.Equal(11, bob.Chain.Height);
        store.Inject(new Fault { Operation = StoreOperation.List, Moment = FaultMoment.During, Progress = 5 });
        await Assert.ThrowsAsync<StoreException>(bob.LookAsync);
        await bob.LookAsync();
        Assert.Equal(21, bob.Chain.Height);
        Assert.Empty(bob.Findings.All);
    }

    [Fact]
    public async Task A_pin_notices_a_ledger_that_ends_too_early_or_is_another_one()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 2);
        var tip = alice.Chain.Tip;
        var pin = new LedgerPin(tip.Slot, tip.Height, tip.Hash);
        Assert.Null(pin.Check(alice.Chain));
        Assert.Equal(FindingKind.Absence, (pin with { Height = 4 }).Check(alice.Chain)!.Kind);
        Assert.Equal(FindingKind.Proof, (pin with { Hash = Digest.Zero }).Check(alice.Chain)!.Kind);
    }

    [Fact]
    public async Task A_slot_that_comes_while_the_store_lists_is_no_hole()
    {
        var memory = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(memory);
        await RotateAsync(alice, 3);
        var bob = new Device(new ShadyStore(memory) { Unlisted = 2, UnlistedTimes = 1 }, People.Bob);
        await bob.LookAsync();
        Assert.Equal(4, bob.Chain.Height);
        Assert.Empty(bob.Findings.All);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(2, 30)]
    [InlineData(12, 30)]
    public async Task A_slot_that_is_listed_and_not_given_is_an_absence_when_a_block_stands_behind_it(int hidden, int blocks)
    {
        var memory = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(memory);
        await RotateAsync(alice, blocks - 1);
        var shady = new ShadyStore(memory) { Hidden = hidden, HiddenTimes = int.MaxValue };
        var bob = new Device(shady, People.Bob);
        await bob.LookAsync();
        Assert.Equal(hidden - 1, bob.Chain.Height);
        Found(bob, FindingKind.Absence, LedgerNames.Subject(hidden), People.Alice.Public);
        shady.HiddenTimes = 1;
        await bob.LookAsync();
        Assert.Equal(blocks, bob.Chain.Height);
    }

    [Fact]
    public async Task Where_versions_are_weak_a_changed_slot_is_noticed_by_reading_it()
    {
        var memory = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(memory);
        await RotateAsync(alice);
        var counting = new CountingStore(new ShadyStore(memory) { WeakVersions = true });
        var bob = new Device(counting, People.Bob);
        await bob.LookAsync();
        counting.Reset();
        await bob.LookAsync();
        Assert.Equal((1, 1, 2), (counting.Counts.List, counting.Counts.Read, counting.Counts.Total));
        await alice.PutAsync(2, Junk);
        await bob.LookAsync();
        Found(bob, FindingKind.Proof, "ledger/0000000000002");
    }

    [Fact]
    public async Task A_look_that_is_cancelled_says_so_and_loses_nothing()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await RotateAsync(alice, 3);
        var bob = new Device(store, People.Bob);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await bob.Client.LookAsync(new CancellationToken(canceled: true)));
        await bob.LookAsync();
        Assert.Equal(4, bob.Chain.Height);
    }

    /// <summary>A store that leaves a slot out of listings, or lists it and does not give it, or has no versions that say anything.</summary>
    private sealed class ShadyStore(IStore inner) : DelegatingStore(inner)
    {
        public long Unlisted { get; init; }

        public int UnlistedTimes { get; set; }

        public long Hidden { get; init; }

        public int HiddenTimes { get; set; }

        public bool WeakVersions { get; init; }

        public override StoreCapabilities Capabilities => base.Capabilities with { StrongVersions = !WeakVersions };

        public override async IAsyncEnumerable<ObjectInfo> ListAsync(
            string prefix = "", ListOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var hides = UnlistedTimes-- > 0;
            await foreach (var entry in base.ListAsync(prefix, options, cancellationToken))
            {
                if (!hides || entry.Key != Device.Slot(Unlisted))
                    yield return WeakVersions ? entry with { Version = new ObjectVersion("1") } : entry;
            }
        }

        public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Hidden > 0 && key == Device.Slot(Hidden) && HiddenTimes-- > 0)
                throw new StoreException(StoreErrorKind.NotFound, "It is not there.");
            var reader = await base.OpenReadAsync(key, options, cancellationToken);
            return WeakVersions ? new ObjectReader(reader.Info with { Version = new ObjectVersion("1") }, reader.Content, reader.Length) : reader;
        }
    }
}
