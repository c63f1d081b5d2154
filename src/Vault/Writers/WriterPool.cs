using System.Buffers.Binary;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Writers;

/// <summary>The writers of this device: each process that commits takes one that no other has, and makes a new one only when all are taken.</summary>
internal sealed class WriterPool(LocalPaths paths, OwnWriterTable table, IRandomSource random) : IDisposable
{
    private WriterLease? _lease;

    /// <summary>The writer of this process, taken or made now if it has none.</summary>
    /// <param name="height">The ledger's height: where a new writer begins.</param>
    public WriterLease Take(long height)
    {
        if (_lease is not null && table.IsUsable(_lease.Id))
            return _lease;
        Release();
        foreach (var writer in table.Usable())
        {
            if (TryLock(writer.Id) is not { } taken)
                continue;
            if (table.IsUsable(writer.Id))
                return _lease = new WriterLease(writer.Id, writer.SinceHeight, taken);
            taken.Dispose();
        }
        return _lease = MakeNew(height);
    }

    /// <summary>Ends the writer of this process; the next commit begins a new one.</summary>
    public void Retire()
    {
        if (_lease is { } lease)
            table.Retire(lease.Id);
        Release();
    }

    private WriterLease MakeNew(long height)
    {
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            random.Fill(bytes);
            var id = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            if (table.IsOwn(id) || TryLock(id) is not { } taken)
                continue;
            table.Add(new OwnWriterTable.OwnWriter(id, height));
            return new WriterLease(id, height, taken);
        }
    }

    private LocalLock? TryLock(ulong id) => LocalLock.TryTake(paths, Base32Hex.Format(id));

    private void Release()
    {
        _lease?.Dispose();
        _lease = null;
    }

    public void Dispose() => Release();
}
