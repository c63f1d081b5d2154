using Coffer.Vaults;
using Coffer.Vaults.Ledger;

namespace Coffer.Fuzzing.Targets;

/// <summary>What a chain says of the object in its next slot, whatever stands there, when every signature holds: an admin can sign anything.</summary>
internal sealed class LedgerTarget : FuzzTarget
{
    private readonly List<LedgerChain> _chains = [];

    public override string Name => "ledger";

    public override int Rarity => 4;

    public override long AllocatedPerByte => 1_000;

    public override long AllocatedAtLeast => 256 << 10;

    public override IEnumerable<byte[]> Seeds(SeedWorld world)
    {
        var chain = LedgerChain.Begin(new LedgerTrust(world.Alice.Public, "users"), new Credulous());
        for (var slot = 1; slot <= world.Blocks.Count; slot++)
        {
            _chains.Add(chain);
            if (chain.Judge(slot, world.Blocks[slot - 1]) is Judgement.Accepted accepted)
                chain = chain.Accept(accepted);
        }
        return world.Blocks;
    }

    public override bool Read(byte[] input)
    {
        var isAccepted = false;
        for (var i = 0; i < _chains.Count; i++)
            isAccepted |= _chains[i].Judge(i + 1, input) is Judgement.Accepted accepted && _chains[i].Accept(accepted).Height == _chains[i].Height + 1;
        _chains[^1].SignerOfLater(_chains.Count, input);
        return isAccepted;
    }

    /// <summary>Whatever it is, it is a verdict.</summary>
    public override bool IsDocumented(Exception fault) => false;

    private sealed class Credulous : ISignatureChecker
    {
        public bool Check(PublicId author, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message) => true;
    }
}
