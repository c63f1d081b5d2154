using System.Buffers.Binary;
using Coffer.Vaults;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Fuzzing.Targets;

/// <summary>What members sign: the opened heads of commits, with all kinds of records in them. The first two bytes of an input are the length of the tail.</summary>
internal sealed class CommitHeadTarget : FuzzTarget
{
    public override string Name => "heads";

    public override long AllocatedPerByte => 1_000;

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Heads.Select(static head =>
    {
        var input = new byte[2 + head.Text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(input, (ushort)head.TailLength);
        head.Text.CopyTo(input, 2);
        return input;
    });

    public override bool Read(byte[] input)
    {
        if (input.Length < 2)
            return false;
        var tail = BinaryPrimitives.ReadUInt16BigEndian(input);
        var reader = new WireReader(input.AsSpan(2));
        var head = CommitHeadCodec.Read(ref reader, tail, new PublicIdCache());
        return Same(input.AsSpan(2, reader.Position), CommitHeadCodec.Write(head, tail));
    }

    public override bool IsDocumented(Exception fault) => fault is WireException;
}
