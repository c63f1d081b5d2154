using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Fuzzing.Targets;

/// <summary>Blocks of the ledger.</summary>
internal sealed class BlockTarget : FuzzTarget
{
    public override string Name => "blocks";

    // Points of both curves are decoded by a library that allocates for it, a hundred times the bytes of a point.
    public override long AllocatedPerByte => 1_000;

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Blocks;

    public override bool Read(byte[] input)
    {
        var block = BlockCodec.Parse(input, out var unknown);
        return unknown is not null || Same(input, BlockCodec.Write(block, input.AsSpan(BlockHeader.SignatureAt, BlockHeader.AfterSignature - BlockHeader.SignatureAt)));
    }

    public override bool IsDocumented(Exception fault) => fault is WireException;
}
