using System.Collections.Immutable;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Tests.Ledger;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>A ledger made of what its blocks mean, without bytes and signatures. Alice is its admin for ever.</summary>
internal sealed class ScriptedLedger
{
    private readonly List<LedgerChain> _chains = [];

    public ScriptedLedger()
    {
        var alice = People.Alice.Public;
        var state = new LedgerState
        {
            VaultId = HashOf(1),
            Realm = "users",
            SegmentInterval = 86_400,
            Creator = alice,
            GenesisContext = HashOf(0),
            Slot = 1,
            Height = 1,
            Hash = HashOf(1),
            Previous = Digest.Zero,
            Author = alice,
            Members = ImmutableSortedDictionary<PublicId, Membership>.Empty.Add(alice, new Membership(AccessLevel.Admin, 1)),
            Epoch = 1,
            Configuration = VaultConfiguration.Default,
        };
        Accept(LedgerChain.Begin(new LedgerTrust(alice, "users"), Ed25519Checker.Instance), state, [Start(1)]);
    }

    /// <summary>The whole ledger.</summary>
    public LedgerChain Chain => _chains[^1];

    public long Height => _chains.Count;

    public long Epoch => Chain.Tip.Epoch;

    public static Digest HashOf(long height) => new LengthPrefixed("block").Add((ulong)height).Hash();

    /// <summary>The ledger as somebody knows it who has only the blocks up to a height.</summary>
    public LedgerChain UpTo(long height) => _chains[(int)height - 1];

    /// <summary>A block that changes nothing.</summary>
    public ScriptedLedger Pass() => Next(Chain.Tip, []);

    /// <summary>A block that starts an epoch.</summary>
    public ScriptedLedger Rotate() => Next(Chain.Tip with { Epoch = Epoch + 1 }, [Start(Epoch + 1)]);

    /// <summary>A block that sets somebody's level, with a cut-off and a new epoch where the format asks for them.</summary>
    public ScriptedLedger Set(PublicId member, AccessLevel to, params CutOffEntry[] cutOff)
    {
        var tip = Chain.Tip;
        var (from, setAt) = tip.MembershipOf(member);
        var changes = new List<LedgerChange> { new LevelChange(member, from, to, setAt, null, LevelChange.TakesCommits(from, to) ? cutOff : null) };
        var state = tip with { Members = tip.Members.SetItem(member, new Membership(to, Height + 1)) };
        if (LevelChange.TakesReading(from, to))
        {
            state = state with { Epoch = Epoch + 1 };
            changes.Add(Start(Epoch + 1));
        }
        return Next(state, changes);
    }

    /// <summary>A block that settles a writer.</summary>
    public ScriptedLedger Settle(PublicId author, ulong writer, long number, Digest hash, params NumberRange[] lost) =>
        Next(Chain.Tip, [new SettleChange(author, writer, number, hash, lost)]);

    private ScriptedLedger Next(LedgerState state, IReadOnlyList<LedgerChange> changes)
    {
        var height = Height + 1;
        Accept(Chain, state with { Slot = height, Height = height, Hash = HashOf(height), Previous = HashOf(height - 1) }, changes);
        return this;
    }

    private void Accept(LedgerChain before, LedgerState state, IReadOnlyList<LedgerChange> changes) => _chains.Add(before.Accept(new Judgement.Accepted(
        new Block(state.Author, state.VaultId, state.Slot, state.Height, state.Previous, 0, null, changes), state)));

    private static EpochChange Start(long epoch) => new(epoch, Digest.Zero, [], []);
}
