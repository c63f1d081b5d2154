namespace Coffer.Simulation;

/// <summary>A folder of this run alone, in memory where that is possible. It is removed in the end.</summary>
internal sealed class RunFolder : IDisposable
{
    public RunFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"coffer-simulation-{Environment.ProcessId}");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
