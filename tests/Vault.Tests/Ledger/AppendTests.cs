using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.AccessLevel;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Appends of one admin: what an append sends, and what it refuses to send.</summary>
public class AppendTests
{
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
    public async Task An_admin_without_the_current_key_cannot_pass_it_on_and_says_so()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, Admin);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        var epoch = alice.NextEpoch(People.Alice, People.Bob);
        await alice.PutAsync(3, alice.Forge(People.Alice, [epoch with { Wraps = [.. epoch.Wraps.Select(wrap => wrap.Member == People.Bob.Public ? wrap with { Wrap = new byte[81] } : wrap)] }]));
        await bob.LookAsync();
        Assert.Contains("epoch 2", (await Assert.ThrowsAsync<VaultException>(() => bob.SetAsync(People.Carol, Read))).Message, StringComparison.Ordinal);
        Assert.Contains("epoch 2", (await Assert.ThrowsAsync<VaultException>(() => bob.AppendAsync(new RotateIntent()))).Message, StringComparison.Ordinal);
        await bob.AppendAsync(new ConfigureIntent([new SettingValue(VaultSetting.Quota, 1)]));
        Assert.Equal(4, bob.Chain.Height);
    }
}
