using System.Collections.Concurrent;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>Pieces in memory, as sink and as source, with a record of the requests.</summary>
internal sealed class MemoryPieces : IPieceSink, IPieceSource
{
    public string Path => "memory";

    private int _opened;
    private int _disposed;

    public ConcurrentDictionary<ObjectName, byte[]> Objects { get; } = new();

    public ConcurrentQueue<(int Piece, long Offset, long Length)> Requests { get; } = new();

    /// <summary>Done before each put: to wait, to fail, to look.</summary>
    public Func<int, ReadOnlyMemory<byte>, CancellationToken, ValueTask> BeforePut { get; init; } = (_, _, _) => ValueTask.CompletedTask;

    public Func<int, CancellationToken, ValueTask> BeforeOpen { get; set; } = (_, _) => ValueTask.CompletedTask;

    public bool EveryReaderWasDisposed => _opened == _disposed;

    public async ValueTask<PiecePlace> PutAsync(int pieceIndex, ReadOnlyMemory<byte> sealedPiece, Digest root, CancellationToken cancellationToken)
    {
        await BeforePut(pieceIndex, sealedPiece, cancellationToken);
        var name = new ObjectName(86_400, (UInt128)pieceIndex);
        Assert.True(Objects.TryAdd(name, sealedPiece.ToArray()));
        return new PiecePlace(name, 0, root);
    }

    public async ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        var piece = (int)place.Object!.Value.Id;
        Requests.Enqueue((piece, offset, length));
        await BeforeOpen(piece, cancellationToken);
        var bytes = Objects[place.Object.Value];
        var range = new ByteRange(place.Offset + offset, length);
        var count = range.LengthWithin(bytes.Length) ?? throw new StoreException(StoreErrorKind.RangeNotSatisfiable, "The range begins behind the end.");
        Interlocked.Increment(ref _opened);
        var content = new Watched(bytes.AsMemory((int)range.Offset, (int)count), () => Interlocked.Increment(ref _disposed));
        return new ObjectReader(new ObjectInfo(StoreKey.Parse(place.Object.Value.ToString()), bytes.Length), content, count, range);
    }

    private sealed class Watched(ReadOnlyMemory<byte> bytes, Action disposed) : MemoryStream(bytes.ToArray())
    {
        private bool _isDisposed;

        protected override void Dispose(bool disposing)
        {
            if (!_isDisposed)
                disposed();
            _isDisposed = true;
            base.Dispose(disposing);
        }
    }
}
