namespace Coffer.Vaults;

/// <summary>A source of random bytes for keys, ids and salts. It may be called from any thread.</summary>
public interface IRandomSource
{
    /// <summary>Fills the span with bytes that nobody can foretell.</summary>
    void Fill(Span<byte> bytes);
}
