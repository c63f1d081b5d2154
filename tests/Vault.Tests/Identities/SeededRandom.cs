namespace Coffer.Vaults.Tests;

/// <summary>Bytes that are the same for one seed. Not from several threads at once.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
