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

    public static TheoryData<string, string> BadNames()
    {
        var names = new TheoryData<string, string>();
        foreach (var chain in All.Chains)
        {
            foreach (var bad in chain.Bad)
                names.Add(chain.Realm, bad.Name);
        }
        return names;
    }

    public static TheoryData<string, string> Names()
    {
        var names = new TheoryData<string, string>();
        foreach (var chain in All.Chains)
        {
            foreach (var name in All.People.Keys)
                names.Add(chain.Realm, name);
        }
        return names;
    }

    public static TheoryData<string> Realms() => [.. All.Chains.Select(chain => chain.Realm)];

    [Fact]
    public void There_are_vectors()
    {
        Assert.Equal(["users", "public"], All.Chains.Select(chain => chain.Realm));
        var (members, anybody) = (All.Chains[0], All.Chains[1]);
        Assert.True(members.Good.Length >= 6);
        Assert.True(members.Bad.Length >= 60);
        Assert.Equal(["Claim", "Copy", "Junk", "NewerSoftware", "Proof"], members.Bad.Select(bad => bad.Failure).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.True(anybody.Good.Length >= 4);
        Assert.True(anybody.Bad.Length >= 15);
        Assert.All(All.Chains, chain => Assert.Equal(chain.Bad.Length, chain.Bad.Select(bad => bad.Name).Distinct(StringComparer.Ordinal).Count()));
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public void A_good_chain_is_accepted_and_has_the_members_that_the_vectors_say(string realm)
    {
        var vectors = Of(realm);
        var chain = Begin(vectors);
        foreach (var slot in vectors.Good)
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
        Assert.Equal(vectors.Vault, chain.Tip.VaultId.ToString());
        Assert.Equal(realm == "public", chain.Tip.IsPublic);
    }

    [Fact]
    public void The_good_chain_of_members_says_what_the_vectors_say()
    {
        var chain = Whole(Of("users"));
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
        foreach (var slot in All.Chains.SelectMany(chain => chain.Good).Where(slot => slot.Height > 0))
        {
            var block = BlockCodec.Parse(Bytes(slot.Bytes), out var unknown);
            Assert.Null(unknown);
            var author = All.People.Keys.Select(Id).Single(id => id.Public == block.Author);
            Assert.Equal(slot.Bytes, Convert.ToHexStringLower(BlockCodec.Sign(block, author)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everybody_has_the_keys_that_the_vectors_give(string realm, string name) => HasKeys(Of(realm), Id(name), Of(realm).Keys[name]);

    [Fact]
    public void Nobody_needs_an_identity_for_the_key_of_a_public_vault_and_has_no_other_without_one()
    {
        HasKeys(Of("public"), me: null, Of("public").Keys["dave"]);
        HasKeys(Of("users"), me: null, []);
    }

    private static void HasKeys(ChainVectors vectors, PrivateId? me, SortedDictionary<string, string> expected)
    {
        using var keys = new EpochKeys();
        Whole(vectors, (chain, block) => keys.Learn(chain, block, me, finding => Assert.Fail(finding.Message)));
        Assert.Equal(expected.Keys.Select(long.Parse), keys.Epochs);
        foreach (var (epoch, key) in expected)
        {
            var known = new byte[EpochKeys.KeySize];
            Assert.True(keys.TryGet(long.Parse(epoch), known));
            Assert.Equal(key, Convert.ToHexStringLower(known));
        }
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_block_gets_its_verdict(string realm, string name)
    {
        var vectors = Of(realm);
        var bad = vectors.Bad.Single(one => one.Name == name);
        var chain = Begin(vectors);
        foreach (var slot in vectors.Good.TakeWhile(_ => chain.Height < bad.After))
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

    private static ChainVectors Of(string realm) => All.Chains.Single(chain => chain.Realm == realm);

    private static LedgerChain Begin(ChainVectors vectors) => LedgerChain.Begin(new LedgerTrust(Id(vectors.Creator).Public, vectors.Realm), Ed25519Checker.Instance);

    private static LedgerChain Whole(ChainVectors vectors, Action<LedgerChain, Block>? accepted = null)
    {
        var chain = Begin(vectors);
        foreach (var slot in vectors.Good)
        {
            if (chain.Judge(slot.Slot, Bytes(slot.Bytes)) is not Judgement.Accepted next)
                continue;
            chain = chain.Accept(next);
            accepted?.Invoke(chain, next.Block);
        }
        return chain;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static PrivateId Id(string name)
    {
        var id = PrivateId.FromBytes(Bytes(All.People[name].Private));
        Assert.Equal(All.People[name].Public, Convert.ToHexStringLower(id.Public.Bytes));
        return id;
    }

    private sealed record Vectors(Dictionary<string, Person> People, ChainVectors[] Chains);

    private sealed record ChainVectors(string Realm, string Creator, string Vault, Dictionary<string, SortedDictionary<string, string>> Keys, Good[] Good, Bad[] Bad);

    private sealed record Person(string Private, string Public);

    private sealed record Good(string Name, long Slot, string Bytes, long Height, string Hash, Dictionary<string, long[]>? Levels, long Epoch);

    private sealed record Bad(string Name, long After, long Slot, string Bytes, string Failure);
}
