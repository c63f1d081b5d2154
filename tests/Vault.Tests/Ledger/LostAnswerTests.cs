using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.AccessLevel;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Appends whose answer the store lost: a block is found where it landed, and none is made twice.</summary>
public class LostAnswerTests
{
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
