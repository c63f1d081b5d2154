using Coffer.Stores;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Every block has one form, and every other sequence of bytes is refused without harm.</summary>
public class BlockCodecTests
{
    private static readonly PublicId[] Members = [.. new[] { People.Alice, People.Bob, People.Carol, People.Dave }.Select(id => id.Public).Order()];

    /// <summary>A block with everything in it that a block can have.</summary>
    private static async Task<(Device Alice, byte[] Bytes)> RichAsync()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        await alice.SetAsync(People.Bob, AccessLevel.Write);
        await alice.SetAsync(People.Carol, AccessLevel.Read);
        alice.NewestCommit = new StoredCommit(0xfedcba9876543210, 300, Digest.Of([1]));
        alice.CutOffs = _ => [new CutOffEntry(ulong.MaxValue, 1, Digest.Of([2])), new CutOffEntry(3, long.MaxValue, Digest.Of([3]))];
        var slot = alice.Client.NextSlot;
        var before = alice.Archive.Slots.Count;
        await alice.AppendAsync(
            new ConfigureIntent([new SettingValue(VaultSetting.Freshness, 600), new SettingValue(VaultSetting.ContentLife, 0)]),
            SetLevelIntent.Of(alice.Chain.Tip, People.Bob.Public, AccessLevel.None),
            SetLevelIntent.Of(alice.Chain.Tip, People.Dave.Public, AccessLevel.Admin),
            new SettleIntent(People.Bob.Public, 77, 300, Digest.Of([4]), [new NumberRange(2, 5), new NumberRange(7, 7)]));
        Assert.Equal(before + 1, alice.Archive.Slots.Count);
        return (alice, alice.Archive.Slots[slot].Bytes);
    }

    private static LedgerChain ChainBefore(Device device, long slots)
    {
        var chain = LedgerChain.Begin(new LedgerTrust(People.Alice.Public, Device.Realm), Ed25519Checker.Instance);
        for (var slot = 1; slot <= slots; slot++)
            chain = chain.Accept(Assert.IsType<Judgement.Accepted>(chain.Judge(slot, device.Archive.Slots[slot].Bytes)));
        return chain;
    }

    /// <summary>Parses, and when that works, writes again: it must be the same bytes. Nothing but a <see cref="WireException"/> may come out.</summary>
    private static bool IsOneForm(byte[] bytes)
    {
        try
        {
            var block = BlockCodec.Parse(bytes, out var unknown);
            if (unknown is null)
                Assert.Equal(bytes, BlockCodec.Write(block, bytes.AsSpan(BlockHeader.SignatureAt, 64)));
            return true;
        }
        catch (WireException e)
        {
            Assert.NotEmpty(e.Message);
            return false;
        }
    }

    [Fact]
    public async Task A_block_that_is_read_and_written_again_is_the_same_bytes()
    {
        var (alice, bytes) = await RichAsync();
        Assert.True(IsOneForm(bytes));
        foreach (var stored in alice.Archive.Slots.Values)
            Assert.True(IsOneForm(stored.Bytes));
        var block = BlockCodec.Parse(bytes, out _);
        Assert.Equal([2, 3, 3, 4, 5], block.Changes.Select(change => change.Kind));
        Assert.Equal(alice.NewestCommit, block.Newest);
        Assert.Equal([3, ulong.MaxValue], block.ChangesOf<LevelChange>().Single(level => level.CutOff is not null).CutOff!.Select(entry => entry.Writer));
    }

    [Fact]
    public void Random_blocks_survive_writing_and_reading()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var block = RandomBlock(new Coffer.Testing.SeededRandom(seed));
            var bytes = BlockCodec.Write(block, new byte[64]);
            Assert.True(IsOneForm(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_block_of_which_any_byte_is_another_one_is_never_accepted()
    {
        var (alice, bytes) = await RichAsync();
        var chain = ChainBefore(alice, 3);
        Assert.IsType<Judgement.Accepted>(chain.Judge(4, bytes));
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            Assert.IsType<Judgement.Skipped>(chain.Judge(4, changed));
            IsOneForm(changed);
        }
    }

    [Fact]
    public async Task A_block_that_its_admin_signs_with_any_byte_changed_is_judged_without_harm_and_accepted_only_in_its_one_form()
    {
        var (alice, bytes) = await RichAsync();
        var chain = ChainBefore(alice, 3);
        var random = new Coffer.Testing.SeededRandom(5);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var at = BlockHeader.AfterSignature; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= (byte)(1 + random.Next(255));
            changed = RawBlocks.Signed(changed, People.Alice);
            var verdict = chain.Judge(4, changed);
            if (verdict is Judgement.Accepted)
                Assert.True(IsOneForm(changed));
            verdicts[verdict.GetType().Name] = verdicts.GetValueOrDefault(verdict.GetType().Name) + 1;
        }
        // Keys, hashes and times may be anything; framing and rules may not.
        Assert.True(verdicts["Accepted"] > 500 && verdicts["Skipped"] > 100, string.Join(' ', verdicts));
    }

    [Fact]
    public async Task A_block_that_is_cut_or_goes_on_is_refused_also_when_it_is_signed_so()
    {
        var (alice, bytes) = await RichAsync();
        var chain = ChainBefore(alice, 3);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(IsOneForm(bytes[..length]));
            var signed = length < BlockHeader.AfterSignature ? bytes[..length] : RawBlocks.Signed(bytes[..length], People.Alice);
            Assert.IsType<Judgement.Skipped>(chain.Judge(4, signed));
        }
        Assert.IsType<Judgement.Skipped>(chain.Judge(4, RawBlocks.Signed([.. bytes, 0], People.Alice)));
    }

    [Fact]
    public async Task Random_bytes_behind_a_signed_header_do_no_harm()
    {
        var (alice, bytes) = await RichAsync();
        var chain = ChainBefore(alice, 3);
        var random = new Coffer.Testing.SeededRandom(11);
        for (var round = 0; round < 500; round++)
        {
            var tail = new byte[random.Next(200)];
            for (var i = 0; i < tail.Length; i++)
                tail[i] = (byte)(random.Chance(0.5) ? random.Next(8) : random.Next(256));
            var signed = RawBlocks.Signed([.. bytes.AsSpan(0, BlockHeader.Size), .. tail], People.Alice);
            if (chain.Judge(4, signed) is Judgement.Accepted)
                Assert.True(IsOneForm(signed));
        }
    }

    [Fact]
    public async Task Bytes_copied_and_swapped_within_a_signed_block_are_accepted_only_in_their_one_form()
    {
        var (alice, bytes) = await RichAsync();
        var chain = ChainBefore(alice, 3);
        var random = new Coffer.Testing.SeededRandom(13);
        for (var round = 0; round < 300; round++)
        {
            var changed = bytes.ToArray();
            var length = 1 + random.Next(64);
            var from = BlockHeader.Size + random.Next(bytes.Length - BlockHeader.Size - length);
            var to = BlockHeader.Size + random.Next(bytes.Length - BlockHeader.Size - length);
            bytes.AsSpan(from, length).CopyTo(changed.AsSpan(to));
            changed = RawBlocks.Signed(changed, People.Alice);
            if (chain.Judge(4, changed) is Judgement.Accepted)
                Assert.True(IsOneForm(changed));
        }
    }

    [Fact]
    public async Task Numbers_options_and_counters_have_one_form()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        var block = alice.Forge(People.Alice, [new ConfigureChange([new SettingValue(VaultSetting.Quota, 5)])]);
        var header = block[..BlockHeader.Size];
        Judgement Judge(params byte[] tail) => alice.Chain.Judge(2, RawBlocks.Signed([.. header, .. tail], People.Alice));
        Assert.IsType<Judgement.Accepted>(Judge(1, 0, 1, 2, 3, 1, 2, 5));
        void Refused(string why, params byte[] tail) => Assert.Contains(why, Assert.IsType<Judgement.Skipped>(Judge(tail)).Reason, StringComparison.Ordinal);
        Refused("shortest", 0x81, 0, 0, 1, 2, 3, 1, 2, 5);
        Refused("not 0 or 1", 1, 2, 1, 2, 3, 1, 2, 5);
        Refused("shortest", 1, 0, 1, 2, 4, 1, 2, 0x85, 0);
        Refused("follow", 1, 0, 1, 2, 4, 1, 2, 5, 0);
        Refused("follow", 1, 0, 1, 2, 3, 1, 2, 5, 0);
        Refused("entries", 1, 0, 0xff, 0x7f, 2, 3, 1, 2, 5);
        Refused("no change", 1, 0, 0);
        byte[] Newest(ulong number) => [1, 1, .. new byte[8], .. Big(number), .. new byte[32], 1, 2, 3, 1, 2, 5];
        Assert.IsType<Judgement.Accepted>(Judge(Newest(1)));
        Assert.IsType<Judgement.Accepted>(Judge(Newest(long.MaxValue)));
        Refused("count from 1", Newest(0));
        Refused("2^63", Newest(1UL << 63));
    }

    [Fact]
    public async Task A_block_can_have_10000_changes_and_no_more()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        SettleChange[] Settles(int count) => [.. Enumerable.Range(1, count).Select(writer => new SettleChange(People.Bob.Public, (ulong)writer, 0, Digest.Zero, []))];
        Assert.IsType<Judgement.Accepted>(alice.Chain.Judge(2, alice.Forge(People.Alice, Settles(10_000))));
        Assert.Throws<ArgumentException>(() => alice.Forge(People.Alice, Settles(10_001)));
        var block = alice.Forge(People.Alice, Settles(1));
        var content = ChangeCodec.Write(Settles(1)[0]);
        var raw = RawBlocks.WithChanges(block, People.Alice, [.. Enumerable.Repeat((5L, content), 10_001)]);
        Assert.Contains("at most 10000", Assert.IsType<Judgement.Skipped>(alice.Chain.Judge(2, raw)).Reason, StringComparison.Ordinal);
    }

    private static byte[] Big(ulong number)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static Block RandomBlock(Coffer.Testing.SeededRandom random)
    {
        long Number(long least = 0) => Math.Max(least, (long)(random.NextUInt64() >> (1 + random.Next(63))));
        Digest Hash() => Digest.Of(BitConverter.GetBytes(random.NextUInt64()));
        byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(256))];
        var changes = new List<LedgerChange>();
        if (random.Chance(0.3))
            changes.Add(new GenesisChange(Hash(), "realm-" + random.Next(100), 60 + random.Next(1000)));
        if (random.Chance(0.5))
        {
            changes.Add(new ConfigureChange([.. Enum.GetValues<VaultSetting>().Where(_ => random.Chance(0.7)).DefaultIfEmpty(VaultSetting.Quota)
                .Select(setting => new SettingValue(setting, setting == VaultSetting.PackingMargin ? 600 + random.Next(85_800) : Number()))]));
        }
        foreach (var member in Members.Where(_ => random.Chance(0.5)))
        {
            CutOffEntry[]? cutOff = random.Chance(0.5)
                ? [.. Enumerable.Range(0, random.Next(4)).Select(i => new CutOffEntry(((ulong)i << 60) + 5, Number(1), Hash()))]
                : null;
            changes.Add(new LevelChange(
                member, (AccessLevel)random.Next(4), (AccessLevel)random.Next(4), Number(), random.Chance(0.5) ? Bytes(KeyWrap.Size) : null, cutOff));
        }
        if (random.Chance(0.5))
        {
            var epoch = 10 + random.Next(1000);
            changes.Add(new EpochChange(
                epoch,
                Hash(),
                [.. Enumerable.Range(1, 9).Where(_ => random.Chance(0.3)).Select(earlier => new EpochLink(earlier, Bytes(KeyLink.Size)))],
                [.. Members.Where(_ => random.Chance(0.5)).Select(member => new MemberWrap(member, Bytes(KeyWrap.Size)))]));
        }
        foreach (var member in Members)
        {
            var last = Number(20);
            changes.Add(new SettleChange(member, random.NextUInt64(), last, Hash(), random.Chance(0.5) ? [new NumberRange(1, 3), new NumberRange(5, last)] : []));
        }
        return new Block(
            Members[random.Next(Members.Length)], Hash(), Number(), Number(), Hash(), Number(),
            random.Chance(0.5) ? new StoredCommit(random.NextUInt64(), Number(1), Hash()) : null, changes);
    }
}
