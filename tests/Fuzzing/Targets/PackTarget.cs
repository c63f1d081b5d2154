using Coffer.Vaults.Encoding;
using Coffer.Vaults.Packs;

namespace Coffer.Fuzzing.Targets;

/// <summary>Packs, as a whole and as far as their heads.</summary>
internal sealed class PackTarget : FuzzTarget
{
    private readonly List<PackName> _names = [];

    public override string Name => "packs";

    public override IEnumerable<byte[]> Seeds(SeedWorld world)
    {
        _names.AddRange(world.Packs.Select(static pack => PackName.TryParse(pack.Name)!.Value));
        return world.Packs.Select(static pack => pack.Bytes);
    }

    public override bool Read(byte[] input)
    {
        var isAccepted = false;
        foreach (var name in _names)
            isAccepted |= TryRead(name, input, input.Length) is { } entries && Same(input, PackCodec.Write(entries).Bytes);
        // A listing and a server can state any size of an object.
        _ = TryRead(_names[0], input, input.Length * 1_000L);
        return isAccepted;
    }

    private static IReadOnlyList<PackEntry>? TryRead(PackName name, byte[] input, long size)
    {
        try
        {
            return PackCodec.Read(name, input, size);
        }
        catch (WireException)
        {
            return null;
        }
    }

    public override bool IsDocumented(Exception fault) => false;
}
