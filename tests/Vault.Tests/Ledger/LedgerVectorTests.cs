using System.Text.Json;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>The vectors were written by another implementation, from docs/format.md alone: Vectors/ledger.py.</summary>
public class LedgerVectorTests
{
    private static readonly Vectors All = JsonSerializer.Deserialize<Vectors>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "ledger.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> BadNames() => [.. All.Bad.Select(bad => bad.Name)];

    public static TheoryData<string> Names() => [.. All.People.Keys];

    [Fact]
    public void There_are_vectors()
    {
        Assert.True(All.Good.Length >= 6);
        Assert.True(All.Bad.Length >= 60);
        Assert.Equal(["Claim", "Copy", "Junk", "NewerSoftware", "Proof"], All.Bad.Select(bad => bad.Failure).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(All.Bad.Length, All.Bad.Select(bad => bad.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_good_chain_is_accepted_and_says_what_the_vectors_say()
    {
        var chain = Begin();
        foreach (var slot in All.Good)
        {
            var judgement = chain.Judge(slot.Slot, Bytes(slot.Bytes));
            if (slot.Height == 0)
            {
                Assert.IsType<Judgement.Skipped>(judgement);
                continue;
            }
            chain = chain.Accept(Assert.IsType<Judgement.Accepted>(judgement));
            var tip = chain.Tip;
            Assert.Equal((slot.Slot, slot.Height, slot.Hash, slot.Epoch), (tip.Slot, tip.Height, tip.Hash.ToString(), tip.Epoch));
            Assert.Equal(
                slot.Levels!.ToDictionary(level => Id(level.Key).Public, level => new Membership((AccessLevel)level.Value[0], level.Value[1])),
                tip.Members.ToDictionary());
        }
        Assert.Equal(All.Vault, chain.Tip.VaultId.ToString());
        Assert.Equal(
            VaultConfiguration.Default with { ContentLife = 2_592_000, Quota = 10L << 30, Freshness = 3_600 }, chain.Tip.Configuration);
        var cutOff = Assert.Single(chain.CutOffsOf(Id("carol").Public));
        Assert.Equal([(3, 1), (ulong.MaxValue, long.MaxValue)], cutOff.Entries.Select(entry => (entry.Writer, entry.Number)));
        var settle = Assert.Single(chain.SettlesOf(Id("bob").Public, 0xfedc));
        Assert.Equal((5, 300), (settle.Height, settle.Number));
        Assert.Equal([new NumberRange(1, 1), new NumberRange(3, 299)], settle.Lost);
    }

    [Fact]
    public void What_is_read_and_signed_again_is_the_same_bytes()
    {
        foreach (var slot in All.Good.Where(slot => slot.Height > 0))
        {
            var block = BlockCodec.Parse(Bytes(slot.Bytes), out var unknown);
            Assert.Null(unknown);
            var author = All.People.Keys.Select(Id).Single(id => id.Public == block.Author);
            Assert.Equal(slot.Bytes, Convert.ToHexStringLower(BlockCodec.Sign(block, author)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everybody_has_the_keys_that_the_vectors_give(string name)
    {
        using var keys = new EpochKeys();
        var chain = Begin();
        foreach (var slot in All.Good)
        {
            if (chain.Judge(slot.Slot, Bytes(slot.Bytes)) is not Judgement.Accepted accepted)
                continue;
            chain = chain.Accept(accepted);
            keys.Learn(chain, accepted.Block, Id(name), finding => Assert.Fail(finding.Message));
        }
        Assert.Equal(All.Keys[name].Keys.Select(long.Parse), keys.Epochs);
        foreach (var (epoch, key) in All.Keys[name])
        {
            var known = new byte[EpochKeys.KeySize];
            Assert.True(keys.TryGet(long.Parse(epoch), known));
            Assert.Equal(key, Convert.ToHexStringLower(known));
        }
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_block_gets_its_verdict(string name)
    {
        var bad = All.Bad.Single(one => one.Name == name);
        var chain = Begin();
        foreach (var slot in All.Good.TakeWhile(_ => chain.Height < bad.After))
        {
            if (chain.Judge(slot.Slot, Bytes(slot.Bytes)) is Judgement.Accepted accepted)
                chain = chain.Accept(accepted);
        }
        var verdict = chain.Judge(bad.Slot, Bytes(bad.Bytes)) switch
        {
            Judgement.Skipped skipped => skipped.Kind.ToString(),
            var other => other.GetType().Name,
        };
        Assert.Equal(bad.Failure, verdict);
    }

    private static LedgerChain Begin() => LedgerChain.Begin(new LedgerTrust(Id(All.Creator).Public, All.Realm), Ed25519Checker.Instance);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static PrivateId Id(string name)
    {
        var id = PrivateId.FromBytes(Bytes(All.People[name].Private));
        Assert.Equal(All.People[name].Public, Convert.ToHexStringLower(id.Public.Bytes));
        return id;
    }

    private sealed record Vectors(
        string Realm, string Creator, string Vault, Dictionary<string, Person> People, Dictionary<string, SortedDictionary<string, string>> Keys, Good[] Good, Bad[] Bad);

    private sealed record Person(string Private, string Public);

    private sealed record Good(string Name, long Slot, string Bytes, long Height, string Hash, Dictionary<string, long[]>? Levels, long Epoch);

    private sealed record Bad(string Name, long After, long Slot, string Bytes, string Failure);
}
