using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The random bytes of one device: keys, ids and salts, all from the seed.</summary>
internal sealed class SeededBytes(SimRandom random) : IRandomSource
{
    public void Fill(Span<byte> bytes) => random.Fill(bytes);
}
