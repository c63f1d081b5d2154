using Coffer.Vaults;

namespace Coffer.Explored;

/// <summary>Random bytes that are the same in each execution, so that one can be repeated.</summary>
internal sealed class SeededBytes : IRandomSource
{
    private readonly Random _random = new(1);

    public void Fill(Span<byte> bytes)
    {
        lock (_random)
            _random.NextBytes(bytes);
    }
}
