using System.Security.Cryptography;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// A range of a body, read forward, chunk by chunk: a chunk is given out when all of it is verified. It holds one chunk and, while it is between two chunks of a
/// piece, one open request. A read that fails can be tried again; it begins anew where the last good one ended.
/// </summary>
internal sealed class BodyReadStream(BodyDescriptor body, IPieceSource source, LeafCache cache, long position, long end) : ReadOnlyStream
{
    private readonly long _length = end - position;
    private long _position = position;
    private PieceOpener? _opener;
    private byte[] _chunk = [];
    private ReadOnlyMemory<byte> _unread;
    private bool _isDisposed;

    // The open request: from the chunk that comes next to the last one of the range in this piece.
    private ObjectReader? _request;
    private PieceLayout _piece;
    private byte[] _leaves = [];
    private int _next;

    /// <summary>The length of the range, in bytes.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) =>
        throw new NotSupportedException("A file in a vault comes from a store and is read asynchronously: call ReadAsync or CopyToAsync.");

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty)
            return 0;
        if (_unread.IsEmpty)
        {
            if (_position == end)
                return 0;
            _unread = await NextChunkAsync(cancellationToken);
        }
        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        _position += count;
        return count;
    }

    /// <summary>The verified plaintext from the position to the end of its chunk or of the range.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> NextChunkAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_request is null)
                await OpenRequestAsync(cancellationToken);
            var chunk = _next;
            var sealedChunk = _chunk.AsMemory(0, _piece.SealedChunkLength(chunk));
            await _request!.Content.ReadFullyAsync(sealedChunk, cancellationToken);
            var plaintext = sealedChunk[..^PieceLayout.TagSize];
            _opener!.OpenChunk(_piece, body.Pieces[_piece.Index], chunk, _leaves, sealedChunk.Span, plaintext.Span);
            var start = _piece.Start + ((long)chunk << _piece.ChunkLog2);
            var stop = Math.Min(start + plaintext.Length, end);
            _next++;
            if (stop == end || _next == _piece.ChunkCount)
                await CloseRequestAsync();
            return plaintext[(int)(_position - start)..(int)(stop - start)];
        }
        catch (Exception fault)
        {
            (fault as BodyDamagedException)?.Path ??= source.Path;
            await CloseRequestAsync();
            throw;
        }
    }

    /// <summary>Opens the piece at the position, for all chunks of it that the range touches.</summary>
    private async ValueTask OpenRequestAsync(CancellationToken cancellationToken)
    {
        _piece = body.Layout.Piece(BodyLayout.PieceAt(_position));
        var place = body.Pieces[_piece.Index];
        var first = (int)((_position - _piece.Start) >> _piece.ChunkLog2);
        var last = (int)((Math.Min(end, _piece.Start + _piece.Length) - 1 - _piece.Start) >> _piece.ChunkLog2);
        var stop = _piece.ChunkOffset(last) + _piece.SealedChunkLength(last);
        Prepare(_piece.SealedChunkLength(first));

        var known = _piece.LeavesLength == 0 ? [] : cache.Find(place.Root);
        if (known is null && first > 0)
        {
            await using var request = await PieceRequest.OpenAsync(source, _piece, place, 0, _piece.LeavesLength, cancellationToken);
            known = await ReadLeavesAsync(request, place, cancellationToken);
        }
        var start = known is null ? 0 : _piece.ChunkOffset(first);
        _request = await PieceRequest.OpenAsync(source, _piece, place, start, stop - start, cancellationToken);
        _leaves = known ?? await ReadLeavesAsync(_request, place, cancellationToken);
        if (_leaves.Length > 0 && (first > 0 || last < _piece.ChunkCount - 1))
            cache.Keep(place.Root, _leaves);
        _next = first;
    }

    private async ValueTask<byte[]> ReadLeavesAsync(ObjectReader request, PiecePlace place, CancellationToken cancellationToken)
    {
        var leaves = new byte[_piece.LeavesLength];
        await request.Content.ReadFullyAsync(leaves, cancellationToken);
        PieceOpener.CheckLeaves(_piece, place, leaves);
        return leaves;
    }

    /// <summary>Makes room for the largest chunk that comes: the first one of a piece is never shorter than those after it.</summary>
    private void Prepare(int sealedLength)
    {
        _opener ??= new PieceOpener(body.Key);
        if (_chunk.Length < sealedLength)
            _chunk = GC.AllocateUninitializedArray<byte>(sealedLength);
    }

    private async ValueTask CloseRequestAsync()
    {
        if (_request is { } request)
        {
            _request = null;
            await request.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _request?.Content.Dispose();
            _opener?.Dispose();
            CryptographicOperations.ZeroMemory(_chunk);
        }
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseRequestAsync();
        await base.DisposeAsync();
    }
}
