using System.Buffers;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>Small files that go into a vault together, with their contents in memory. Dispose it when they are written: the memory is used again.</summary>
internal sealed class UploadBatch : IDisposable
{
    private readonly List<byte[]> _rented = [];
    private readonly List<FileWrite> _writes = [];
    private readonly List<(EntryKind Kind, int Length)> _counts = [];

    public IReadOnlyList<FileWrite> Writes => _writes;

    public IReadOnlyList<(EntryKind Kind, int Length)> Counts => _counts;

    /// <summary>The length of all contents.</summary>
    public long Bytes { get; private set; }

    /// <summary>The content of a file, to its end, which may have moved since the folder was listed.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var buffer = Rent((int)Math.Min(RandomAccess.GetLength(file) + 1, Array.MaxLength));
        var count = 0;
        while (await RandomAccess.ReadAsync(file, buffer.AsMemory(count), count, cancellationToken) is > 0 and var read)
        {
            count += read;
            if (count < buffer.Length)
                continue;
            var larger = Rent(buffer.Length * 2);
            buffer.AsSpan().CopyTo(larger);
            buffer = larger;
        }
        return buffer.AsMemory(0, count);
    }

    public void Add(FileWrite write, EntryKind kind, int length)
    {
        _writes.Add(write);
        _counts.Add((kind, length));
        Bytes += length;
    }

    public void Dispose()
    {
        foreach (var array in _rented)
            ArrayPool<byte>.Shared.Return(array);
        _rented.Clear();
    }

    private byte[] Rent(int length)
    {
        var array = ArrayPool<byte>.Shared.Rent(length);
        _rented.Add(array);
        return array;
    }
}
