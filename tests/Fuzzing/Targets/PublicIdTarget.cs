using Coffer.Vaults;

namespace Coffer.Fuzzing.Targets;

/// <summary>Public ids: 65 bytes with a point on each of two curves.</summary>
internal sealed class PublicIdTarget : FuzzTarget
{
    public override string Name => "public-ids";

    // That a key is in the prime-order group is found by multiplying it, in numbers that are new objects each.
    public override long AllocatedPerByte => 4_000;

    public override int Rarity => 4;

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => [world.Alice.Public.Bytes.ToArray(), world.Bob.Public.Bytes.ToArray()];

    public override bool Read(byte[] input)
    {
        var id = PublicId.FromBytes(input);
        return PublicId.Parse(id.ToString()) == id && Same(input, id.Bytes);
    }

    public override bool IsDocumented(Exception fault) => fault is FormatException;
}
