using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Writers;

/// <summary>A writer that this process has to itself, by a lock that dies with the process.</summary>
internal sealed class WriterLease(ulong id, long sinceHeight, LocalLock taken) : IDisposable
{
    public ulong Id { get; } = id;

    /// <summary>The ledger height at which the writer began.</summary>
    public long SinceHeight { get; } = sinceHeight;

    public void Dispose() => taken.Dispose();
}
