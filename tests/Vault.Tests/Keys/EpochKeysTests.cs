using Coffer.Stores;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Keys;

/// <summary>Who can read has the keys of all epochs through one wrap; what does not fit is told and not used.</summary>
public class EpochKeysTests
{
    private static readonly Digest Context = Digest.Of("vault"u8);

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, EpochKeys.KeySize)];

    private static byte[] Get(EpochKeys keys, long epoch)
    {
        var key = new byte[EpochKeys.KeySize];
        Assert.True(keys.TryGet(epoch, key), $"the key of epoch {epoch} is not known");
        return key;
    }

    [Fact]
    public void A_wrap_opens_for_its_recipient_epoch_and_vault_and_for_nothing_else()
    {
        var wrap = KeyWrap.Seal(KeyWrap.OfEpoch(Context, 3), Key(7), People.Bob.Public, new CountedRandom(1));
        Assert.Equal(KeyWrap.Size, wrap.Length);
        Assert.True(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 3), wrap, People.Bob, out var key));
        Assert.Equal(Key(7), key);
        Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 3), wrap, People.Carol, out _));
        Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 4), wrap, People.Bob, out _));
        Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Digest.Of("other"u8), 3), wrap, People.Bob, out _));
        Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 3), wrap.AsSpan(1), People.Bob, out _));
        Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 3), [], People.Bob, out _));
    }

    [Fact]
    public void A_wrap_of_which_any_byte_is_another_one_does_not_open()
    {
        var wrap = KeyWrap.Seal(KeyWrap.OfEpoch(Context, 3), Key(7), People.Bob.Public, new CountedRandom(1));
        for (var at = 0; at < wrap.Length; at++)
        {
            var changed = wrap.ToArray();
            changed[at] ^= 0x10;
            Assert.False(KeyWrap.TryOpen(KeyWrap.OfEpoch(Context, 3), changed, People.Bob, out _), $"byte {at}");
        }
    }

    [Fact]
    public void Every_wrap_has_a_fresh_key_of_its_own()
    {
        var random = new CountedRandom(1);
        var wraps = Enumerable.Range(0, 20).Select(_ => Convert.ToHexString(KeyWrap.Seal(KeyWrap.OfEpoch(Context, 3), Key(7), People.Bob.Public, random).AsSpan(0, 33))).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(20, wraps.Count);
    }

    [Fact]
    public void A_link_opens_under_its_epochs_keys_and_nothing_else()
    {
        var link = KeyLink.Seal(Context, 5, Key(7), 4, Key(6));
        Assert.Equal(KeyLink.Size, link.Length);
        Assert.True(KeyLink.TryOpen(Context, 5, Key(7), 4, link, out var key));
        Assert.Equal(Key(6), key);
        Assert.False(KeyLink.TryOpen(Context, 5, Key(8), 4, link, out _));
        Assert.False(KeyLink.TryOpen(Context, 6, Key(7), 4, link, out _));
        Assert.False(KeyLink.TryOpen(Context, 5, Key(7), 3, link, out _));
        Assert.False(KeyLink.TryOpen(Digest.Of("other"u8), 5, Key(7), 4, link, out _));
    }

    [Fact]
    public void A_check_value_tells_keys_epochs_and_vaults_apart()
    {
        Digest[] values = [KeyCheck.Of(Context, 1, Key(1)), KeyCheck.Of(Context, 1, Key(2)), KeyCheck.Of(Context, 2, Key(1)), KeyCheck.Of(Digest.Zero, 1, Key(1))];
        Assert.Equal(4, values.Distinct().Count());
    }

    [Fact]
    public async Task One_wrap_opens_the_past()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        for (var i = 0; i < 4; i++)
            await alice.AppendAsync(new RotateIntent());
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal([1, 2, 3, 4, 5], bob.Keys.Epochs);
        Assert.All(bob.Keys.Epochs, epoch => Assert.Equal(Get(alice.Keys, epoch), Get(bob.Keys, epoch)));
        Assert.Equal(5, bob.Keys.Epochs.Select(epoch => Convert.ToHexString(Get(bob.Keys, epoch))).Distinct().Count());
        Assert.Empty(bob.Findings.All);
    }

    [Fact]
    public async Task A_wrap_of_epoch_1_in_a_later_block_opens()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal(Get(alice.Keys, 1), Get(bob.Keys, 1));
    }

    [Fact]
    public async Task Who_was_removed_learns_no_later_key_and_keeps_the_earlier_ones()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        await alice.SetAsync(People.Bob, AccessLevel.None);
        await alice.AppendAsync(new RotateIntent());
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal([1], bob.Keys.Epochs);
        await alice.SetAsync(People.Bob, AccessLevel.Write);
        await bob.LookAsync();
        Assert.Equal([1, 2, 3], bob.Keys.Epochs);
    }

    [Fact]
    public async Task An_open_device_goes_on_through_a_rotation()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Write);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        await alice.AppendAsync(new RotateIntent());
        await bob.LookAsync();
        Assert.Equal(Get(alice.Keys, 2), Get(bob.Keys, 2));
    }

    [Fact]
    public async Task A_wrap_that_gives_another_key_is_reported_with_its_author_and_not_used()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.SetAsync(People.Bob, AccessLevel.Write);
        var wrong = KeyWrap.Seal(KeyWrap.OfEpoch(alice.Chain.KeyContext(2), 2), Key(9), People.Bob.Public, alice.Environment.Random);
        var epoch = alice.NextEpoch(People.Alice, People.Bob);
        epoch = epoch with { Wraps = [.. epoch.Wraps.Select(wrap => wrap.Member == People.Bob.Public ? wrap with { Wrap = wrong } : wrap)] };
        await alice.PutAsync(3, alice.Forge(People.Alice, [epoch]));
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal(3, bob.Chain.Height);
        Assert.Equal([1], bob.Keys.Epochs);
        var finding = Assert.Single(bob.Findings.All);
        Assert.Equal((FindingKind.KeyMisfit, People.Alice.Public, "ledger/0000000000003"), (finding.Kind, finding.Member!, finding.Subject));
        Assert.DoesNotContain(Convert.ToHexString(Key(9)), finding.Message, StringComparison.OrdinalIgnoreCase);
        // The next good epoch brings the one that was lost.
        await alice.LookAsync();
        await alice.AppendAsync(new RotateIntent());
        await bob.LookAsync();
        Assert.Equal([1, 2, 3], bob.Keys.Epochs);
    }

    [Fact]
    public async Task A_grant_whose_wrap_does_not_open_is_reported()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.PutAsync(2, alice.Forge(People.Alice, [alice.Level(People.Bob, AccessLevel.Read, wrap: true)]));
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Empty(bob.Keys.Epochs);
        Assert.Equal(People.Alice.Public, Assert.Single(bob.Findings.All).Member);
        Assert.Equal([FindingKind.KeyMisfit], bob.Findings.Kinds());
    }

    [Fact]
    public async Task A_link_that_gives_another_key_is_reported_and_a_later_epoch_mends_it()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        await alice.AppendAsync(new RotateIntent());
        var epoch = alice.NextEpoch(People.Alice);
        await alice.PutAsync(3, alice.Forge(People.Alice, [epoch with { Links = [new EpochLink(2, new byte[KeyLink.Size])] }]));
        await alice.LookAsync();
        Assert.Equal([FindingKind.KeyMisfit], alice.Findings.Kinds());
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        var bob = new Device(store, People.Bob);
        await bob.LookAsync();
        Assert.Equal([3], bob.Keys.Epochs);
        Assert.Contains("epoch 2", Assert.Single(bob.Findings.All).Message, StringComparison.Ordinal);

        Assert.Equal([2, 3], alice.Keys.LinksNeededAfter(3));
        await alice.AppendAsync(new RotateIntent());
        await bob.LookAsync();
        Assert.Equal([1, 2, 3, 4], bob.Keys.Epochs);
        Assert.Equal([4], alice.Keys.LinksNeededAfter(4));
    }

    [Fact]
    public async Task Keys_rest_sealed_for_their_identity_and_are_checked_when_they_come_back()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        await alice.AppendAsync(new RotateIntent());
        var exported = alice.Keys.Export(People.Alice, alice.Environment.Random);
        Assert.True(exported.AsSpan().IndexOf(Get(alice.Keys, 1)) < 0);
        using var back = new EpochKeys();
        back.Import(exported, People.Alice, alice.Chain);
        Assert.Equal([1, 2], back.Epochs);
        Assert.Equal(Get(alice.Keys, 2), Get(back, 2));
        Assert.Equal([2], back.LinksNeededAfter(2));
        using var others = new EpochKeys();
        Assert.Throws<VaultException>(() => others.Import(exported, People.Bob, alice.Chain));
        Assert.Throws<VaultException>(() => others.Import([], People.Alice, alice.Chain));
        exported[^1] ^= 1;
        Assert.Throws<VaultException>(() => others.Import(exported, People.Alice, alice.Chain));
        Assert.Empty(others.Epochs);
    }

    [Fact]
    public async Task Keys_of_another_vault_do_not_come_back()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        var other = new Device(new MemoryStore("other"), People.Alice, seed: 8);
        await other.Client.CreateAsync(60, [], CancellationToken.None);
        using var keys = new EpochKeys();
        keys.Import(alice.Keys.Export(People.Alice, alice.Environment.Random), People.Alice, other.Chain);
        Assert.Empty(keys.Epochs);
    }

    [Fact]
    public async Task Disposed_keys_are_gone_and_never_zeros()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        alice.Keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => alice.Keys.TryGet(1, new byte[EpochKeys.KeySize]));
        Assert.Throws<ObjectDisposedException>(() => alice.Keys.Export(People.Alice, alice.Environment.Random));
        Assert.Empty(alice.Keys.Epochs);
    }
}
