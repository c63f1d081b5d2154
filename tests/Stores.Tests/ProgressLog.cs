namespace Coffer.Stores.Tests;

/// <summary>Keeps what was reported.</summary>
internal sealed class ProgressLog : IProgress<long>
{
    public List<long> Values { get; } = [];

    public long Last => Values.LastOrDefault();

    public void Report(long value) => Values.Add(value);
}
