using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.AccessLevel;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Appends of several admins at once: no change is lost, none lands twice, and all changes of one append land together or not at all.</summary>
public class ContestedAppendTests
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
}
