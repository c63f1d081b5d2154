using Coffer.Vaults.Bodies;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Vaults.Pending;

/// <summary>Reads pieces back from a spool file.</summary>
internal sealed class SpoolReader(string path) : IPieceSource, IDisposable
{
    private static readonly StoreKey Key = StoreKey.Parse("spool");

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public string Path => path;

    public ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        var range = new ByteRange(place.Offset + offset, length);
        return ValueTask.FromResult(new ObjectReader(new ObjectInfo(Key, RandomAccess.GetLength(_file)), new Part(_file, range.Offset, length), length, range));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A part of the file. What is missing at its end is found out by the body, which knows its length.</summary>
    private sealed class Part(SafeFileHandle file, long offset, long length) : ReadOnlyStream
    {
        private long _offset = offset;
        private readonly long _end = offset + length;

        public override int Read(Span<byte> buffer)
        {
            var count = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, _end - _offset)], _offset);
            _offset += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
