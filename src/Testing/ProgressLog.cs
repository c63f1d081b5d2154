namespace Coffer.Testing;

/// <summary>Keeps all values that were reported, in their order, whichever thread they come from. It is told at once, unlike <see cref="Progress{T}"/>, which posts.</summary>
public sealed class ProgressLog : IProgress<long>
{
    private readonly Lock _lock = new();
    private readonly List<long> _values = [];

    /// <summary>What was reported until now.</summary>
    public IReadOnlyList<long> Values
    {
        get
        {
            lock (_lock)
                return [.. _values];
        }
    }

    /// <summary>The newest value; 0 before the first.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
                return _values.Count == 0 ? 0 : _values[^1];
        }
    }

    /// <inheritdoc/>
    public void Report(long value)
    {
        lock (_lock)
            _values.Add(value);
    }
}
