using Coffer.Stores;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>What this version does not know stops it only when an admin wrote it at the end of the chain; nobody else can stop anything.</summary>
public class NewerSoftwareTests
{
    private static readonly ConfigureChange Quota = new([new SettingValue(VaultSetting.Quota, 5)]);
    private static readonly byte[] QuotaContent = [1, 2, 5];

    private static byte[] OfVersion(ushort version, byte[] block, PrivateId author)
    {
        var changed = block.ToArray();
        (changed[8], changed[9]) = ((byte)(version >> 8), (byte)version);
        return RawBlocks.Signed(changed, author);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(65_535)]
    public async Task A_version_that_is_not_known_asks_for_newer_software(int version)
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        var newer = Assert.IsType<Judgement.NewerSoftware>(alice.Chain.Judge(2, OfVersion((ushort)version, alice.Forge(People.Alice, [Quota]), People.Alice)));
        Assert.Contains($"version {version}", newer.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_not_known_is_skipped_when_no_admin_signed_it_or_it_does_not_continue_the_chain()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        Judgement Judge(byte[] bytes) => alice.Chain.Judge(2, bytes);
        Assert.Equal(SkipKind.Junk, Assert.IsType<Judgement.Skipped>(Judge(OfVersion(2, alice.Forge(People.Bob, [Quota]), People.Bob))).Kind);
        var unsigned = alice.Forge(People.Alice, [Quota]);
        unsigned[9] = 2;
        Assert.Equal(SkipKind.Junk, Assert.IsType<Judgement.Skipped>(Judge(unsigned)).Kind);
        foreach (var elsewhere in new Func<Block, Block>[]
        {
            block => block with { Height = 3 },
            block => block with { Slot = 3 },
            block => block with { Previous = Digest.Of([1]) },
        })
        {
            Assert.Equal(SkipKind.Claim, Assert.IsType<Judgement.Skipped>(Judge(OfVersion(2, alice.Forge(People.Alice, [Quota], elsewhere), People.Alice))).Kind);
        }
    }

    [Fact]
    public async Task A_change_or_a_setting_that_is_not_known_asks_for_newer_software()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        var block = alice.Forge(People.Alice, [Quota]);
        string Unknown(params (long, byte[])[] changes) =>
            Assert.IsType<Judgement.NewerSoftware>(alice.Chain.Judge(2, RawBlocks.WithChanges(block, People.Alice, changes))).What;
        Assert.Equal("a change of the kind 6", Unknown((6, [])));
        Assert.Equal("a change of the kind 6", Unknown((2, QuotaContent), (6, [1, 2, 3])));
        Assert.Equal("a change of the kind 9223372036854775807", Unknown((long.MaxValue, [])));
        Assert.Equal("the setting 5", Unknown((2, [1, 5, 0])));
        Assert.Equal("the setting 5", Unknown((2, [2, 2, 5, 5, 0])));
        // Whoever knows kind 6 may see the rest otherwise; framing is what everybody must agree on.
        Assert.Equal("a change of the kind 6", Unknown((2, [0]), (6, [])));
    }

    [Fact]
    public async Task What_cannot_be_told_apart_is_skipped_and_stops_nobody()
    {
        var alice = await Device.CreateAsync(new MemoryStore("ledger"));
        var block = alice.Forge(People.Alice, [Quota]);
        void Skipped(byte[] bytes) => Assert.Equal(SkipKind.Claim, Assert.IsType<Judgement.Skipped>(alice.Chain.Judge(2, bytes)).Kind);
        Skipped(RawBlocks.WithChanges(block, People.Alice, (6, []), (2, QuotaContent)));
        Skipped(RawBlocks.WithChanges(block, People.Alice, (0, [])));
        Skipped(RawBlocks.WithChanges(block, People.Alice));
        Skipped(RawBlocks.Signed([.. RawBlocks.WithChanges(block, People.Alice, (6, [])), 0], People.Alice));
        Skipped(RawBlocks.Signed(RawBlocks.WithChanges(block, People.Alice, (6, [1, 2]))[..^1], People.Alice));
        Skipped(RawBlocks.WithChanges(block, People.Alice, (1, [.. new byte[32], 1, (byte)'u', 60, 3])));
        Skipped(RawBlocks.WithChanges(block, People.Alice, (1, [.. new byte[32], 1, (byte)'u', 60, 2])));
    }

    [Fact]
    public async Task A_look_stops_before_it_says_so_keeps_what_came_before_and_goes_on_with_newer_software()
    {
        var store = new MemoryStore("ledger");
        var alice = await Device.CreateAsync(store);
        var reader = new Device(store, People.Bob);
        await alice.SetAsync(People.Bob, AccessLevel.Read);
        await alice.PutAsync(3, OfVersion(2, alice.Forge(People.Alice, [Quota]), People.Alice));
        var stop = await Assert.ThrowsAsync<NewerSoftwareException>(reader.LookAsync);
        Assert.Contains("version 2", stop.Message, StringComparison.Ordinal);
        Assert.Equal(2, reader.Chain.Height);
        Assert.Equal(3, reader.Client.NextSlot);
        await Assert.ThrowsAsync<NewerSoftwareException>(reader.LookAsync);
        await Assert.ThrowsAsync<NewerSoftwareException>(() => alice.SetAsync(People.Carol, AccessLevel.Read));
        Assert.Empty(reader.Findings.All);
    }
}
