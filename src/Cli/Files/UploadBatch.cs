using System.Buffers;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>Small files that go into a vault together, with their contents in memory. Dispose it when they are written: the memory is used again.</summary>
internal sealed class UploadBatch : IDisposable
{
    private const int BlockLength = 1 << 20;

    private readonly List<byte[]> _rented = [];
    private readonly List<FileWrite> _writes = [];
    private readonly List<(EntryKind Kind, int Length)> _counts = [];
    private Memory<byte> _free;

    public IReadOnlyList<FileWrite> Writes => _writes;

    public IReadOnlyList<(EntryKind Kind, int Length)> Counts => _counts;

    /// <summary>The length of all contents.</summary>
    public long Bytes { get; private set; }

    /// <summary>The content of a small file, to its end, which may have moved since the folder was listed. To have it read by another thread would take longer than to read it.</summary>
    public ReadOnlyMemory<byte> Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // One byte more than it should have shows whether it has grown.
        var room = Take(RandomAccess.GetLength(file) + 1);
        var count = 0;
        while (RandomAccess.Read(file, room.Span[count..], count) is > 0 and var read)
        {
            count += read;
            if (count < room.Length)
                continue;
            var larger = Take(room.Length * 2L);
            room.CopyTo(larger);
            room = larger;
        }
        _free = _free[count..];
        return room[..count];
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

    /// <summary>The beginning of the free memory, with room for so many bytes. They stay free until they are cut off.</summary>
    /// <exception cref="IOException">It is more than there can be: a file that was small has become that large.</exception>
    private Memory<byte> Take(long length)
    {
        if (length > Array.MaxLength)
            throw new IOException("it has become too large while it was read");
        if (_free.Length < length)
        {
            var array = ArrayPool<byte>.Shared.Rent(Math.Max((int)length, BlockLength));
            _rented.Add(array);
            _free = array;
        }
        return _free[..(int)length];
    }
}
