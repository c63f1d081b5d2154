using Coffer.Stores;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.AccessLevel;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>The verdict on a block: a function of its bytes and the chain before it.</summary>
public class JudgeTests
{
    private static readonly ConfigureChange Quota = new([new SettingValue(VaultSetting.Quota, 5)]);

    /// <summary>Alice is admin, Bob a writer, Carol a reader; slots and heights are 1 to 3.</summary>
    private static async Task<Device> TeamAsync()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        await alice.SetAsync(People.Bob, Write);
        await alice.SetAsync(People.Carol, Read);
        return alice;
    }

    private static Judgement Judge(Device device, byte[] bytes, long? slot = null) => device.Chain.Judge(slot ?? device.Client.NextSlot, bytes);

    private static void Accepts(Device device, params LedgerChange[] changes) =>
        Assert.IsType<Judgement.Accepted>(Judge(device, device.Forge(People.Alice, changes)));

    private static void Refuses(string why, Device device, params LedgerChange[] changes) =>
        Skips(SkipKind.Claim, why, Judge(device, device.Forge(People.Alice, changes)));

    private static void Skips(SkipKind kind, string why, Judgement judgement)
    {
        var skipped = Assert.IsType<Judgement.Skipped>(judgement);
        Assert.Contains(why, skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(kind, skipped.Kind);
        Assert.Equal(kind is SkipKind.Claim or SkipKind.Proof, skipped.Author is not null);
    }

    [Fact]
    public async Task A_new_vault_has_its_creator_as_admin_and_epoch_1()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"), settings: new SettingValue(VaultSetting.ContentLife, 60));
        var tip = alice.Chain.Tip;
        Assert.Equal(tip.Hash, tip.VaultId);
        Assert.Equal(new Membership(Admin, 1), tip.MembershipOf(People.Alice.Public));
        Assert.Equal((1, 1, 1), (tip.Slot, tip.Height, tip.Epoch));
        Assert.Equal(("users", 86_400), (tip.Realm, tip.SegmentInterval));
        Assert.Equal(VaultConfiguration.Default with { ContentLife = 60 }, tip.Configuration);
        Assert.True(alice.Keys.Has(1));
    }

    [Fact]
    public async Task The_chain_remembers_every_height()
    {
        var alice = await TeamAsync();
        await alice.SetAsync(People.Bob, None);
        var chain = alice.Chain;
        Assert.Equal([None, Write, Write, None], Enumerable.Range(1, 4).Select(height => chain.LevelAt(People.Bob.Public, height)));
        Assert.Equal([1, 1, 1, 2], Enumerable.Range(1, 4).Select(height => chain.EpochAt(height)));
        Assert.Equal(4, chain.EpochStart(2));
        Assert.Null(chain.EpochStart(3));
        Assert.Equal(new Membership(None, 4), chain.Tip.MembershipOf(People.Bob.Public));
        Assert.Equal(4, Assert.Single(chain.CutOffsOf(People.Bob.Public)).Height);
        Assert.Empty(chain.CutOffsOf(People.Carol.Public));
        Assert.Equal(3, chain.HeightOf(chain.HashAt(3)));
        Assert.Equal(chain.Tip.Members.Keys, chain.Tip.Members.Keys.Order());
    }

    [Fact]
    public async Task A_block_that_keeps_all_rules_is_accepted()
    {
        var alice = await TeamAsync();
        Accepts(alice, Quota);
        Accepts(alice, alice.Level(People.Carol, Write));
        Accepts(alice, alice.Level(People.Bob, Admin));
        Accepts(alice, alice.Level(People.Dave, Read, wrap: true));
        Accepts(alice, alice.Level(People.Bob, Read, cutOff: true));
        Accepts(alice, alice.Level(People.Bob, None, cutOff: true), alice.NextEpoch(People.Alice, People.Carol));
        Accepts(alice, alice.Level(People.Carol, None, cutOff: true), alice.NextEpoch(People.Alice, People.Bob));
        Accepts(alice, alice.Level(People.Dave, Read), alice.NextEpoch(People.Alice, People.Bob, People.Carol, People.Dave));
        Accepts(alice, alice.NextEpoch(People.Alice, People.Bob, People.Carol));
        Accepts(alice, new SettleChange(People.Bob.Public, 5, 0, Digest.Zero, []));
        Accepts(alice, new SettleChange(People.Bob.Public, 5, 9, Digest.Of([1]), [new NumberRange(1, 2), new NumberRange(4, 9)]));
    }

    [Fact]
    public async Task What_nobody_signed_as_admin_is_junk()
    {
        var alice = await TeamAsync();
        Skips(SkipKind.Junk, "is no block", Judge(alice, []));
        Skips(SkipKind.Junk, "is no block", Judge(alice, "cofferbl"u8.ToArray()));
        Skips(SkipKind.Junk, "is no block", Judge(alice, new byte[1000]));
        Skips(SkipKind.Junk, "more than a block can have", Judge(alice, new byte[Block.MaxSize + 1]));
        Skips(SkipKind.Junk, "no admin", Judge(alice, alice.Forge(People.Dave, [Quota])));
        Skips(SkipKind.Junk, "no admin", Judge(alice, alice.Forge(People.Bob, [Quota])));
        var forged = alice.Forge(People.Bob, [Quota]);
        People.Alice.Public.Bytes.CopyTo(forged.AsSpan(10));
        Skips(SkipKind.Junk, "signature", Judge(alice, forged));
    }

    [Fact]
    public async Task An_admin_who_was_removed_signs_nothing_any_more()
    {
        var alice = await TeamAsync();
        await alice.SetAsync(People.Bob, Admin);
        Assert.IsType<Judgement.Accepted>(Judge(alice, alice.Forge(People.Bob, [Quota])));
        await alice.SetAsync(People.Bob, Write);
        Skips(SkipKind.Junk, "no admin", Judge(alice, alice.Forge(People.Bob, [Quota])));
    }

    [Fact]
    public async Task A_copy_of_an_earlier_block_under_a_new_name_is_only_a_copy()
    {
        var alice = await TeamAsync();
        for (var slot = 1; slot <= 3; slot++)
            Skips(SkipKind.Copy, $"copy of the block of height {slot}", Judge(alice, alice.Archive.Slots[slot].Bytes));
    }

    [Fact]
    public async Task A_copy_of_the_grant_of_a_removed_member_gives_it_nothing()
    {
        var alice = await TeamAsync();
        await alice.SetAsync(People.Bob, None);
        Skips(SkipKind.Copy, "copy", Judge(alice, alice.Archive.Slots[2].Bytes));
    }

    [Fact]
    public async Task A_block_of_another_vault_is_only_a_copy()
    {
        var alice = await TeamAsync();
        var other = await Device.CreateAsync(new MemoryStore("other"));
        Assert.Equal(other.Chain.Tip.VaultId, (await Device.CreateAsync(new MemoryStore("third"))).Chain.Tip.VaultId);
        Skips(SkipKind.Copy, "another vault", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Vault = Digest.Of([7]) })));
        Skips(SkipKind.Copy, "another vault", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Vault = Digest.Zero })));
    }

    [Fact]
    public async Task An_admins_block_for_a_taken_height_is_proof_and_for_a_later_one_a_claim()
    {
        var alice = await TeamAsync();
        Skips(SkipKind.Proof, "signed for height 3", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Height = 3 })));
        Skips(SkipKind.Proof, "signed for height 1", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Height = 1 })));
        Skips(SkipKind.Claim, "signed for height 5", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Height = 5 })));
        Skips(SkipKind.Claim, "signed for height 0", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Height = 0 })));
        Skips(SkipKind.Claim, "follows another block", Judge(alice, alice.Forge(People.Alice, [Quota], block => block with { Previous = Digest.Of([7]) })));
        Skips(SkipKind.Claim, "signed for slot 4", Judge(alice, alice.Forge(People.Alice, [Quota]), slot: 5));
    }

    [Fact]
    public async Task A_grant_that_replaces_another_level_than_there_is_does_not_count()
    {
        var alice = await TeamAsync();
        var level = alice.Level(People.Bob, Admin);
        Refuses("which is rw", alice, level with { From = Read });
        Refuses("set at height 3", alice, level with { SetAt = 3 });
        Refuses("set at height 0", alice, level with { SetAt = 0 });
        Refuses("to what it is", alice, level with { To = Write });
        Refuses("which is none", alice, alice.Level(People.Dave, Write) with { From = Read });
        Refuses("set at height 1", alice, alice.Level(People.Dave, Write, wrap: true) with { SetAt = 1 });
    }

    [Fact]
    public async Task A_stale_grant_cannot_bring_back_who_was_removed_meanwhile()
    {
        var alice = await TeamAsync();
        var stale = alice.Level(People.Dave, Read, wrap: true);
        await alice.SetAsync(People.Dave, Write);
        await alice.SetAsync(People.Dave, None);
        Assert.Equal(None, stale.From);
        Refuses("set at height 5", alice, stale with { SetAt = 4 });
        Refuses("set at height 0", alice, stale);
        Accepts(alice, stale with { SetAt = 5 });
    }

    [Fact]
    public async Task A_grant_holds_the_current_key_exactly_when_it_is_needed()
    {
        var alice = await TeamAsync();
        Refuses("without the key", alice, alice.Level(People.Dave, Read));
        Refuses("must not hold", alice, alice.Level(People.Carol, Write, wrap: true));
        Refuses("must not hold", alice, alice.Level(People.Dave, Read, wrap: true), alice.NextEpoch(People.Alice, People.Bob, People.Carol, People.Dave));
    }

    [Fact]
    public async Task Who_takes_access_lists_what_still_counts()
    {
        var alice = await TeamAsync();
        Refuses("without a cut-off", alice, alice.Level(People.Bob, Read));
        Refuses("without a cut-off", alice, alice.Level(People.Bob, None), alice.NextEpoch(People.Alice, People.Carol));
        Refuses("without a cut-off", alice, alice.Level(People.Carol, None), alice.NextEpoch(People.Alice, People.Bob));
        Refuses("takes nothing", alice, alice.Level(People.Carol, Write, cutOff: true));
        Refuses("takes nothing", alice, alice.Level(People.Dave, Write, wrap: true, cutOff: true));
    }

    [Fact]
    public async Task Taking_read_access_starts_an_epoch()
    {
        var alice = await TeamAsync();
        Refuses("without a new epoch", alice, alice.Level(People.Bob, None, cutOff: true));
        Refuses("without a new epoch", alice, alice.Level(People.Carol, None, cutOff: true));
    }

    [Fact]
    public async Task An_epoch_has_wraps_for_exactly_those_who_can_read()
    {
        var alice = await TeamAsync();
        Refuses("wraps", alice, alice.NextEpoch(People.Alice, People.Bob));
        Refuses("wraps", alice, alice.NextEpoch(People.Alice, People.Bob, People.Carol, People.Dave));
        Refuses("wraps", alice, alice.NextEpoch(People.Alice, People.Bob, People.Dave));
        Refuses("wraps", alice, alice.Level(People.Bob, None, cutOff: true), alice.NextEpoch(People.Alice, People.Bob, People.Carol));
        Refuses("wraps", alice, alice.Level(People.Dave, Read), alice.NextEpoch(People.Alice, People.Bob, People.Carol));
        Refuses("wraps", alice, alice.NextEpoch());
        var epoch = alice.NextEpoch(People.Alice, People.Bob, People.Carol);
        Refuses("twice", alice, epoch with { Wraps = [.. epoch.Wraps, epoch.Wraps[^1]] });
        Refuses("wrong place", alice, epoch with { Wraps = [.. epoch.Wraps.Reverse()] });
    }

    [Fact]
    public async Task An_epoch_is_the_next_one_and_links_to_the_last()
    {
        var alice = await TeamAsync();
        await alice.AppendAsync(new RotateIntent());
        var epoch = alice.NextEpoch(People.Alice, People.Bob, People.Carol);
        Refuses("starts epoch 2 after epoch 2", alice, epoch with { Epoch = 2, Links = [new EpochLink(1, new byte[48])] });
        Refuses("starts epoch 4 after epoch 2", alice, epoch with { Epoch = 4 });
        Refuses("without a link", alice, epoch with { Links = [] });
        Refuses("without a link", alice, epoch with { Links = [new EpochLink(1, new byte[48])] });
        Refuses("link to epoch 3", alice, epoch with { Links = [.. epoch.Links, new EpochLink(3, new byte[48])] });
        Refuses("link to epoch 0", alice, epoch with { Links = [new EpochLink(0, new byte[48]), .. epoch.Links] });
        Refuses("twice", alice, epoch, epoch);
        Accepts(alice, epoch with { Links = [new EpochLink(1, new byte[48]), .. epoch.Links] });
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        var alice = await TeamAsync();
        Refuses("without an admin", alice, alice.Level(People.Alice, Write));
        Refuses("without an admin", alice, alice.Level(People.Alice, None, cutOff: true), alice.NextEpoch(People.Bob, People.Carol));
        LevelChange[] handOver = [.. new[] { alice.Level(People.Alice, Write), alice.Level(People.Bob, Admin) }.OrderBy(level => level.Member)];
        Accepts(alice, handOver);
    }

    [Fact]
    public async Task A_vault_begins_once()
    {
        var alice = await TeamAsync();
        Refuses("begins a vault", alice, new GenesisChange(Digest.Of([1]), "users", 60));
    }

    [Fact]
    public async Task A_first_block_has_its_beginning_and_an_epoch_and_settings_and_nothing_else()
    {
        var alice = await TeamAsync();
        var first = BlockCodec.Parse(alice.Archive.Slots[1].Bytes, out _);
        var chain = LedgerChain.Begin(new LedgerTrust(People.Alice.Public, "users"), Ed25519Checker.Instance);
        byte[] With(params LedgerChange[] changes) => BlockCodec.Sign(first with { Changes = changes }, People.Alice);
        var (genesis, epoch) = (first.Changes[0], (EpochChange)first.Changes[1]);
        Assert.IsType<Judgement.Accepted>(chain.Judge(1, With(genesis, epoch)));
        Assert.IsType<Judgement.Accepted>(chain.Judge(1, With(genesis, Quota, epoch)));
        Skips(SkipKind.Claim, "other changes", chain.Judge(1, With(genesis)));
        Skips(SkipKind.Claim, "other changes", chain.Judge(1, With(epoch)));
        Skips(SkipKind.Claim, "other changes", chain.Judge(1, With(Quota)));
        Skips(SkipKind.Claim, "other changes", chain.Judge(1, With(genesis, alice.Level(People.Dave, Read), epoch)));
        Skips(SkipKind.Claim, "other changes", chain.Judge(1, With(genesis, epoch, new SettleChange(People.Bob.Public, 1, 0, Digest.Zero, []))));
        Skips(SkipKind.Claim, "wraps", chain.Judge(1, With(genesis, epoch with { Wraps = [] })));
        Skips(SkipKind.Claim, "starts epoch 2", chain.Judge(1, With(genesis, epoch with { Epoch = 2 })));
    }

    [Fact]
    public async Task A_ledger_begins_with_the_first_block_of_its_creator_in_its_realm()
    {
        var alice = await TeamAsync();
        var bytes = alice.Archive.Slots[1].Bytes;
        LedgerChain Chain(PrivateId creator, string realm = "users", Digest? vault = null) =>
            LedgerChain.Begin(new LedgerTrust(creator.Public, realm, vault), Ed25519Checker.Instance);
        Assert.IsType<Judgement.Accepted>(Chain(People.Alice, vault: alice.Chain.Tip.VaultId).Judge(1, bytes));
        Skips(SkipKind.Junk, "no admin", Chain(People.Bob).Judge(1, bytes));
        Skips(SkipKind.Copy, "another vault", Chain(People.Alice, "admins").Judge(1, bytes));
        Skips(SkipKind.Copy, "another vault", Chain(People.Alice, vault: Digest.Of([1])).Judge(1, bytes));
        Skips(SkipKind.Copy, "another vault", Chain(People.Alice, vault: Digest.Of([1])).Judge(2, alice.Archive.Slots[2].Bytes));
        Skips(SkipKind.Claim, "height 2", Chain(People.Alice).Judge(2, alice.Archive.Slots[2].Bytes));
        Skips(SkipKind.Claim, "slot 1", Chain(People.Alice).Judge(2, bytes));
    }

    [Fact]
    public async Task The_verdict_hangs_on_nothing_but_the_bytes_and_the_chain()
    {
        var alice = await TeamAsync();
        var bytes = alice.Forge(People.Alice, [Quota]);
        var before = alice.Chain;
        var first = Assert.IsType<Judgement.Accepted>(before.Judge(4, bytes));
        await alice.SetAsync(People.Dave, Read);
        var again = Assert.IsType<Judgement.Accepted>(before.Judge(4, bytes));
        Assert.Equal(first.State.Hash, again.State.Hash);
        Assert.Equal(first.State.Members, again.State.Members);
        Assert.Equal(3, before.Height);
    }

    [Fact]
    public async Task A_block_is_accepted_only_by_the_chain_that_it_continues()
    {
        var alice = await TeamAsync();
        var accepted = Assert.IsType<Judgement.Accepted>(Judge(alice, alice.Forge(People.Alice, [Quota])));
        var longer = alice.Chain.Accept(accepted);
        Assert.Equal(4, longer.Height);
        Assert.Equal(5, longer.Tip.Configuration.Quota);
        Assert.Throws<ArgumentException>(() => longer.Accept(accepted));
    }

    [Fact]
    public async Task The_newest_settle_of_a_writer_is_the_last_in_its_list()
    {
        var alice = await TeamAsync();
        await alice.AppendAsync(new SettleIntent(People.Bob.Public, 5, 3, Digest.Of([3]), []));
        await alice.AppendAsync(new SettleIntent(People.Bob.Public, 5, 4, Digest.Of([4]), [new NumberRange(2, 2)]), new SettleIntent(People.Bob.Public, 6, 0, Digest.Zero, []));
        Assert.Equal([3, 4], alice.Chain.SettlesOf(People.Bob.Public, 5).Select(settle => settle.Number));
        Assert.Equal([4, 5], alice.Chain.SettlesOf(People.Bob.Public, 5).Select(settle => settle.Height));
        Assert.Single(alice.Chain.SettlesOf(People.Bob.Public, 6));
        Assert.Empty(alice.Chain.SettlesOf(People.Carol.Public, 5));
    }

    [Fact]
    public async Task Ranges_that_are_lost_are_ascending_with_gaps_and_within_what_counts()
    {
        var alice = await TeamAsync();
        SettleChange Lost(params (long, long)[] ranges) =>
            new(People.Bob.Public, 5, 9, Digest.Of([1]), [.. ranges.Select(range => new NumberRange(range.Item1, range.Item2))]);
        Accepts(alice, Lost((1, 1), (3, 9)));
        Refuses("lost range", alice, Lost((0, 1)));
        Refuses("lost range", alice, Lost((3, 2)));
        Refuses("lost range", alice, Lost((3, 10)));
        Refuses("lost range", alice, Lost((1, 2), (3, 4)));
        Refuses("lost range", alice, Lost((3, 4), (1, 1)));
        var all = new SettleChange(People.Bob.Public, 5, long.MaxValue, Digest.Of([1]), [new NumberRange(1, long.MaxValue)]);
        Accepts(alice, all);
        Refuses("lost range", alice, all with { Lost = [.. all.Lost, .. all.Lost] });
        Refuses("has a hash", alice, new SettleChange(People.Bob.Public, 5, 0, Digest.Of([1]), []));
    }

    [Fact]
    public async Task Changes_stand_in_order_and_once()
    {
        var alice = await TeamAsync();
        var (low, high) = People.Bob.Public.CompareTo(People.Carol.Public) < 0 ? (People.Bob, People.Carol) : (People.Carol, People.Bob);
        SettleChange Settle(PrivateId author, ulong writer) => new(author.Public, writer, 0, Digest.Zero, []);
        Accepts(alice, Settle(low, 5), Settle(low, ulong.MaxValue), Settle(high, 1));
        Refuses("wrong place", alice, Settle(high, 1), Settle(low, 5));
        Refuses("twice", alice, Settle(low, 5), Settle(low, 5));
        Refuses("twice", alice, Quota, Quota);
        Refuses("twice", alice, alice.Level(People.Carol, Write), alice.Level(People.Carol, Write));
        Refuses("ascending by kind", alice, alice.Level(People.Carol, Write), Quota);
        Refuses("setting 2", alice, new ConfigureChange([Quota.Settings[0], Quota.Settings[0]]));
        Refuses("packing margin", alice, new ConfigureChange([new SettingValue(VaultSetting.PackingMargin, 599)]));
        Refuses("packing margin", alice, new ConfigureChange([new SettingValue(VaultSetting.PackingMargin, 86_401)]));
        Refuses("sets nothing", alice, new ConfigureChange([]));
    }
}
