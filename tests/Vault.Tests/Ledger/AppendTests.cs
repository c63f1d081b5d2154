using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.AccessLevel;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Appends: no change is lost, none lands twice, and all changes of one append land together or not at all.</summary>
public class AppendTests
{
    /// <summary>Two admins on one store, both up to date.</summary>
    private static async Task<(Device Alice, Device Bob)> AdminsAsync(IStore store, IStore? bobs = null)
    {
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, Admin);
        var bob = new Device(bobs ?? store, People.Bob, seed: 3);
        await bob.LookAsync();
        return (alice, bob);
    }

    /// <summary>Lets somebody else append at the moment when a device's next block is on its way.</summary>
    private static Fault Overtaking(Func<Task> other) => new()
    {
        Operation = StoreOperation.Put,
        Moment = FaultMoment.Never,
        Key = Once(() => Assert.True(other().IsCompletedSuccessfully)),
    };

    private static Func<string, bool> Once(Action action)
    {
        var done = false;
        return _ =>
        {
            if (!done)
            {
                done = true;
                action();
            }
            return false;
        };
    }

    [Fact]
    public async Task An_append_without_takings_costs_a_listing_a_put_a_listing_and_a_read()
    {
        var store = new CountingStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        store.Reset();
        await alice.SetAsync(People.Bob, Write);
        var counts = store.Counts;
        Assert.Equal((1, 2, 1, 4), (counts.Put, counts.List, counts.Read, counts.Total));
        Assert.Equal(0, alice.Syncs);
    }

    [Fact]
    public async Task All_changes_of_an_append_are_one_block()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        alice.NewestCommit = new StoredCommit(5, 6, Digest.Of([7]));
        var state = await alice.AppendAsync(
            SetLevelIntent.Of(alice.Chain.Tip, People.Carol.Public, Read),
            new ConfigureIntent([new SettingValue(VaultSetting.Quota, 9)]),
            SetLevelIntent.Of(alice.Chain.Tip, People.Bob.Public, Write),
            new ConfigureIntent([new SettingValue(VaultSetting.ContentLife, 8)]),
            new RotateIntent());
        Assert.Equal((2, 2), (state.Height, state.Epoch));
        Assert.Equal((9, 8), (state.Configuration.Quota, state.Configuration.ContentLife));
        Assert.Equal((Read, Write), (state.LevelOf(People.Carol.Public), state.LevelOf(People.Bob.Public)));
        Assert.Equal(alice.NewestCommit, BlockCodec.Parse(alice.Archive.Slots[2].Bytes, out _).Newest);
    }

    [Fact]
    public async Task Who_is_no_admin_is_told_so_and_sends_nothing()
    {
        var memory = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(memory);
        await alice.SetAsync(People.Bob, Write);
        var store = new CountingStore(memory);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.SetAsync(People.Carol, Read));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.SetAsync(People.Bob, Admin));
        var stranger = new Device(store, People.Dave);
        await stranger.LookAsync();
        await Assert.ThrowsAsync<AccessDeniedException>(() => stranger.AppendAsync(new RotateIntent()));
        Assert.Equal(0, store.Counts.Put);
    }

    [Fact]
    public async Task The_last_admin_is_neither_removed_nor_lowered_not_by_itself_either()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        await alice.SetAsync(People.Bob, Write);
        await Assert.ThrowsAsync<LastAdminException>(() => alice.SetAsync(People.Alice, None));
        await Assert.ThrowsAsync<LastAdminException>(() => alice.SetAsync(People.Alice, Write));
        Assert.Equal(2, alice.Chain.Height);
        // One step: another one becomes admin, and then there are two.
        await alice.AppendAsync(SetLevelIntent.Of(alice.Chain.Tip, People.Bob.Public, Admin), SetLevelIntent.Of(alice.Chain.Tip, People.Alice.Public, Read));
        Assert.Equal((Read, Admin), (alice.Chain.Tip.LevelOf(People.Alice.Public), alice.Chain.Tip.LevelOf(People.Bob.Public)));
    }

    [Fact]
    public async Task Changes_that_make_no_valid_block_are_refused_before_anything_is_sent()
    {
        var store = new CountingStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        store.Reset();
        var grant = SetLevelIntent.Of(alice.Chain.Tip, People.Bob.Public, Read);
        await Assert.ThrowsAsync<ArgumentException>(() => alice.AppendAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => alice.AppendAsync(grant, grant with { To = Write }));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.AppendAsync(grant with { To = None }));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.AppendAsync(new ConfigureIntent([new SettingValue(VaultSetting.PackingMargin, 1)])));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.AppendAsync(new SettleIntent(People.Bob.Public, 1, 0, Digest.Of([1]), [])));
        await Assert.ThrowsAsync<InvalidOperationException>(() => alice.AppendAsync(grant with { From = Write }));
        Assert.Equal(0, store.Counts.Put);
    }

    [Fact]
    public async Task Who_takes_access_syncs_first_and_lists_what_counts_then()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        await alice.SetAsync(People.Bob, Write);
        await alice.SetAsync(People.Carol, Read);
        alice.CutOffs = member => member == People.Bob.Public ? [new CutOffEntry(9, alice.Syncs, Digest.Of([9])), new CutOffEntry(2, 1, Digest.Of([2]))] : [];
        await alice.SetAsync(People.Bob, Read);
        Assert.Equal(1, alice.Syncs);
        Assert.Equal(
            [new CutOffEntry(2, 1, Digest.Of([2])), new CutOffEntry(9, 1, Digest.Of([9]))],
            Assert.Single(alice.Chain.CutOffsOf(People.Bob.Public)).Entries);
        await alice.SetAsync(People.Carol, None);
        Assert.Empty(Assert.Single(alice.Chain.CutOffsOf(People.Carol.Public)).Entries);
        Assert.Equal(2, alice.Syncs);
    }

    [Fact]
    public async Task Who_loses_takes_the_winner_in_and_tries_again_with_new_cut_offs_and_a_new_epoch_key()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var sent = new List<byte[]>();
        var (alice, bob) = await AdminsAsync(memory, new SpyStore(faulty, sent));
        await alice.SetAsync(People.Carol, Write);
        await bob.LookAsync();
        bob.CutOffs = _ => [new CutOffEntry(1, bob.Syncs, Digest.Of([1]))];
        faulty.Inject(Overtaking(() => alice.SetAsync(People.Dave, Read)));
        var state = await bob.SetAsync(People.Carol, None);
        Assert.Equal((5, 2), (state.Height, bob.Syncs));
        Assert.Equal(2, Assert.Single(Assert.Single(bob.Chain.CutOffsOf(People.Carol.Public)).Entries).Number);
        Assert.Equal(Read, state.LevelOf(People.Dave.Public));
        var blocks = sent.ConvertAll(bytes => BlockCodec.Parse(bytes, out _));
        Assert.Equal([4, 5], blocks.Select(block => block.Height));
        Assert.NotEqual(blocks[0].Epoch!.Check, blocks[1].Epoch!.Check);
        Assert.Equal(3, blocks[1].Epoch!.Wraps.Count);
    }

    [Fact]
    public async Task A_grant_that_lost_to_a_rotation_goes_out_with_the_key_of_the_new_epoch()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var (alice, bob) = await AdminsAsync(memory, faulty);
        faulty.Inject(Overtaking(() => alice.AppendAsync(new RotateIntent())));
        await bob.SetAsync(People.Carol, Read);
        var carol = new Device(memory, People.Carol);
        await carol.LookAsync();
        Assert.Equal([1, 2], carol.Keys.Epochs);
        Assert.Empty(carol.Findings.All);
    }

    [Fact]
    public async Task A_change_that_does_not_hold_any_more_is_a_conflict_that_names_the_other_block_and_nothing_lands()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var (alice, bob) = await AdminsAsync(memory, faulty);
        faulty.Inject(Overtaking(() => alice.SetAsync(People.Carol, Write)));
        var conflict = await Assert.ThrowsAsync<VaultConflictException>(() => bob.AppendAsync(
            SetLevelIntent.Of(bob.Chain.Tip, People.Carol.Public, Read), SetLevelIntent.Of(bob.Chain.Tip, People.Dave.Public, Read)));
        Assert.Equal((3, People.Alice.Public, alice.Chain.Tip.Hash.ToString()), (conflict.Height, conflict.Author, conflict.Hash));
        await alice.LookAsync();
        Assert.Equal(3, alice.Chain.Height);
        Assert.Equal(None, alice.Chain.Tip.LevelOf(People.Dave.Public));
        Assert.Equal(Write, bob.Chain.Tip.LevelOf(People.Carol.Public));
    }

    [Fact]
    public async Task A_grant_does_not_bring_back_who_was_granted_and_removed_meanwhile()
    {
        var memory = new MemoryStore("ledger");
        var (alice, bob) = await AdminsAsync(memory);
        var grant = SetLevelIntent.Of(bob.Chain.Tip, People.Carol.Public, Read);
        await alice.SetAsync(People.Carol, Read);
        await alice.SetAsync(People.Carol, None);
        var conflict = await Assert.ThrowsAsync<VaultConflictException>(() => bob.AppendAsync(grant));
        Assert.Equal(4, conflict.Height);
    }

    [Fact]
    public async Task Two_admins_who_remove_each_other_leave_one_and_a_conflict()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var (alice, bob) = await AdminsAsync(memory, faulty);
        faulty.Inject(Overtaking(() => alice.SetAsync(People.Bob, None)));
        var conflict = await Assert.ThrowsAsync<VaultConflictException>(() => bob.SetAsync(People.Alice, None));
        Assert.Equal((3, People.Alice.Public), (conflict.Height, conflict.Author));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.SetAsync(People.Alice, None));
    }

    [Fact]
    public async Task Two_admins_who_step_down_at_once_leave_one_and_a_conflict()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var (alice, bob) = await AdminsAsync(memory, faulty);
        faulty.Inject(Overtaking(() => alice.SetAsync(People.Alice, Read)));
        var conflict = await Assert.ThrowsAsync<VaultConflictException>(() => bob.SetAsync(People.Bob, Read));
        Assert.Equal((3, People.Alice.Public), (conflict.Height, conflict.Author));
        Assert.Equal(Admin, bob.Chain.Tip.LevelOf(People.Bob.Public));
    }

    [Fact]
    public async Task A_settle_that_lost_to_another_settle_of_the_same_writer_is_a_conflict()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var (alice, bob) = await AdminsAsync(memory, faulty);
        SettleIntent Settle(ulong writer, long last) => new(People.Carol.Public, writer, last, Digest.Of([1]), []);
        faulty.Inject(Overtaking(() => alice.AppendAsync(Settle(1, 5))));
        Assert.Equal(3, (await Assert.ThrowsAsync<VaultConflictException>(() => bob.AppendAsync(Settle(1, 6)))).Height);
        faulty.Inject(Overtaking(() => alice.AppendAsync(Settle(1, 7))));
        await bob.AppendAsync(Settle(2, 6));
        Assert.Equal([5, 7], bob.Chain.SettlesOf(People.Carol.Public, 1).Select(settle => settle.Number));
        Assert.Equal([6], bob.Chain.SettlesOf(People.Carol.Public, 2).Select(settle => settle.Number));
    }

    [Theory]
    [InlineData(FaultMoment.Before)]
    [InlineData(FaultMoment.During)]
    [InlineData(FaultMoment.After)]
    public async Task A_block_whose_answer_was_lost_lands_once(FaultMoment moment)
    {
        var store = new FaultyStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        store.Inject(new Fault { Operation = StoreOperation.Put, Moment = moment, Times = 2 });
        await alice.AppendAsync(new RotateIntent());
        Assert.Equal((2, 2), (alice.Chain.Height, alice.Chain.Tip.Epoch));
        Assert.Equal(moment == FaultMoment.After ? 1 : 2, store.FaultCount);
        Assert.Empty(alice.Findings.All);
    }

    [Fact]
    public async Task A_block_that_lands_late_is_found_and_not_made_twice()
    {
        var memory = new MemoryStore("ledger");
        var late = new LateStore(memory);
        var alice = await Device.CreateAsync(late);
        late.HoldBack = 1;
        var state = await alice.AppendAsync(new RotateIntent());
        Assert.Equal((2, 2), (state.Height, state.Epoch));
        Assert.Equal(late.Held, await memory.ReadBytesAsync(Device.Slot(2)));
        Assert.Equal(2, alice.Chain.Height);
    }

    [Fact]
    public async Task A_block_that_lands_while_cut_offs_are_made_anew_is_found_too()
    {
        var memory = new MemoryStore("ledger");
        var late = new LateStore(memory);
        var alice = await Device.CreateAsync(late);
        await alice.SetAsync(People.Bob, Write);
        late.HoldBack = 1;
        alice.Sync = async () =>
        {
            if (alice.Syncs == 2)
                await memory.PutBytesAsync(Device.Slot(3), late.Held!);
        };
        var state = await alice.SetAsync(People.Bob, Read);
        Assert.Equal((3, 3, 2), (state.Height, alice.Chain.Height, alice.Syncs));
        Assert.Equal(Digest.Of(late.Held), state.Hash);
    }

    [Fact]
    public async Task A_store_that_shows_nothing_of_what_it_took_is_told_as_unknown()
    {
        var memory = new MemoryStore("ledger");
        var store = new FaultyStore(memory);
        var alice = await Device.CreateAsync(store);
        store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue });
        var unknown = await Assert.ThrowsAsync<StoreException>(() => alice.AppendAsync(new RotateIntent()));
        Assert.Equal(StoreErrorKind.OutcomeUnknown, unknown.Kind);
        Assert.True(((HastyTime)alice.Environment.Time).Waits >= 5);
    }

    [Fact]
    public async Task When_the_store_cannot_be_asked_after_a_put_the_outcome_is_unknown()
    {
        var store = new FaultyStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        store.Inject(new Fault { Operation = StoreOperation.List, First = 2 });
        Assert.Equal(StoreErrorKind.OutcomeUnknown, (await Assert.ThrowsAsync<StoreException>(() => alice.AppendAsync(new RotateIntent()))).Kind);
        await alice.LookAsync();
        Assert.Equal(2, alice.Chain.Height);
        // Before anything was sent, the store's own error is the answer.
        store.Inject(new Fault { Operation = StoreOperation.List });
        Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => alice.AppendAsync(new RotateIntent()))).Kind);
    }

    [Fact]
    public async Task What_the_store_refuses_for_good_is_told_at_once()
    {
        var store = new FaultyStore(new MemoryStore("ledger"));
        var alice = await Device.CreateAsync(store);
        store.Inject(new Fault { Operation = StoreOperation.Put, Kind = StoreErrorKind.PermissionDenied });
        Assert.Equal(StoreErrorKind.PermissionDenied, (await Assert.ThrowsAsync<StoreException>(() => alice.AppendAsync(new RotateIntent()))).Kind);
        Assert.Equal(1, store.FaultCount);
    }

    [Fact]
    public async Task Junk_that_takes_the_slot_first_costs_one_more_try()
    {
        var memory = new MemoryStore("ledger");
        var faulty = new FaultyStore(memory);
        var alice = await Device.CreateAsync(faulty);
        faulty.Inject(Overtaking(async () => await memory.PutBytesAsync(Device.Slot(2), new byte[] { 1 })));
        var state = await alice.AppendAsync(new RotateIntent());
        Assert.Equal((2, 3), (state.Height, state.Slot));
    }

    [Fact]
    public async Task An_admin_without_the_current_key_cannot_pass_it_on_and_says_so()
    {
        var store = new MemoryStore("ledger");
        var (alice, bob) = await AdminsAsync(store);
        var epoch = alice.NextEpoch(People.Alice, People.Bob);
        await alice.PutAsync(3, alice.Forge(People.Alice, [epoch with { Wraps = [.. epoch.Wraps.Select(wrap => wrap.Member == People.Bob.Public ? wrap with { Wrap = new byte[81] } : wrap)] }]));
        await bob.LookAsync();
        Assert.Contains("epoch 2", (await Assert.ThrowsAsync<VaultException>(() => bob.SetAsync(People.Carol, Read))).Message, StringComparison.Ordinal);
        Assert.Contains("epoch 2", (await Assert.ThrowsAsync<VaultException>(() => bob.AppendAsync(new RotateIntent()))).Message, StringComparison.Ordinal);
        await bob.AppendAsync(new ConfigureIntent([new SettingValue(VaultSetting.Quota, 1)]));
        Assert.Equal(4, bob.Chain.Height);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.15)]
    public async Task Eight_admins_at_once_lose_no_change_and_make_one_chain(double faults)
    {
        const int Admins = 8;
        const int Changes = 25;
        var memory = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(memory);
        var admins = Enumerable.Range(0, Admins).Select(i => People.Person(100 + (ulong)i)).ToArray();
        await alice.AppendAsync([.. admins.Select(admin => SetLevelIntent.Of(alice.Chain.Tip, admin.Public, Admin))]);

        async Task AppendAllAsync(int number)
        {
            IStore store = faults > 0
                ? new FaultyStore(memory, (ulong)number, new FaultRates { Before = faults / 3, After = faults / 3, During = faults / 3, MaxProgress = 3 })
                : memory;
            var device = new Device(store, admins[number], seed: 1000 + (ulong)number);
            for (var change = 0; change < Changes; change++)
                await RetryAsync(device, new SettleIntent(admins[number].Public, (ulong)change, number + 1, Digest.Of([1]), []));
        }

        await Task.WhenAll(Enumerable.Range(0, Admins).Select(number => Task.Run(() => AppendAllAsync(number))));
        var reader = new Device(memory, People.Carol);
        await reader.LookAsync();
        Assert.Equal(2 + (Admins * Changes), reader.Chain.Height);
        Assert.Equal(reader.Chain.Height, reader.Chain.Tip.Slot);
        Assert.Empty(reader.Findings.All);
        foreach (var admin in admins)
        {
            for (var change = 0; change < Changes; change++)
                Assert.Single(reader.Chain.SettlesOf(admin.Public, (ulong)change));
        }
    }

    /// <summary>Goes on after an error as a caller would: look, and only what is not there yet is asked for again.</summary>
    private static async Task RetryAsync(Device device, SettleIntent intent)
    {
        while (true)
        {
            try
            {
                await device.LookAsync();
                if (device.Chain.SettlesOf(intent.Author, intent.Writer).Count > 0)
                    return;
                await device.AppendAsync(intent);
                return;
            }
            catch (StoreException e) when (e.IsTransient || e.Kind == StoreErrorKind.OutcomeUnknown)
            {
                continue;
            }
        }
    }

    /// <summary>Remembers the blocks that are sent through it.</summary>
    private sealed class SpyStore(IStore inner, List<byte[]> sent) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            sent.Add(body.Memory!.Value.ToArray());
            return base.PutAsync(key, body, options, cancellationToken);
        }
    }

    /// <summary>Loses the answer to a put, which takes effect only when the next one comes.</summary>
    private sealed class LateStore(IStore inner) : DelegatingStore(inner)
    {
        public int HoldBack { get; set; }

        public byte[]? Held { get; private set; }

        public override async ValueTask<ObjectInfo> PutAsync(
            StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (HoldBack-- > 0)
            {
                Held = body.Memory!.Value.ToArray();
                throw new StoreException(StoreErrorKind.OutcomeUnknown, "The answer was lost.");
            }
            if (Held is not null && HoldBack == -1)
                await base.PutAsync(key, ObjectBody.FromBytes(Held), options, cancellationToken);
            return await base.PutAsync(key, body, options, cancellationToken);
        }
    }
}
