using Coffer.Vaults.Bodies;
using Coffer.Vaults.Index;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Files;

/// <summary>Reads the pieces of one body, from objects in <c>data/</c>, or from the tail of its commit, be that in a pack or under its own name.</summary>
internal sealed class PieceStore(VaultDevice device, PackLocator packs, LocatedBody body, string path) : IPieceSource
{
    public string Path => path;

    public async ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        if (place.Object is not { } name)
            return await OpenTailAsync(place, offset, length, cancellationToken);
        var key = device.Names.Object(name);
        try
        {
            return await OpenAsync(key, place.Offset + offset, length, cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            throw new BodyMissingException(path, key.Value, fault);
        }
    }

    /// <summary>
    /// A commit moves into packs, and packs into larger ones, while others read: what is not where it was known to be is looked for once more. And what is damaged in one place may be whole in another, so a
    /// body in a tail, which is small, is held against its root here already.
    /// </summary>
    private async ValueTask<ObjectReader> OpenTailAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        var key = device.Names.Commit(body.Commit);
        var start = place.Offset + offset;
        ObjectReader? damaged = null;
        for (var look = 0; look < 2; look++)
        {
            if (look > 0)
                await packs.LookAsync(cancellationToken);
            foreach (var (at, tail) in packs.TailsOf(body.Commit, body.CommitHash).Select(pack => (device.Names.Pack(pack.Pack), pack.Offset)).Append((key, body.TailOffset)))
            {
                if (await TryReadAsync(at, tail + start, length, cancellationToken) is not { } read)
                    continue;
                if (IsWhole(place, offset, read.Bytes))
                    return read.ToReader();
                damaged = read.ToReader();
            }
        }
        return damaged ?? throw new BodyMissingException(path, key.Value);
    }

    private bool IsWhole(PiecePlace place, long offset, byte[] bytes)
    {
        var piece = body.Body.Layout.Piece(0);
        return offset != 0 || bytes.Length != piece.SealedLength || PieceOpener.IsWhole(piece, place, bytes);
    }

    private async ValueTask<Part?> TryReadAsync(StoreKey key, long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await OpenAsync(key, offset, length, cancellationToken);
            return new Part(reader.Info, await reader.ReadToEndAsync((int)length, cancellationToken), offset);
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.RangeNotSatisfiable)
        {
            return null;
        }
    }

    private ValueTask<ObjectReader> OpenAsync(StoreKey key, long offset, long length, CancellationToken cancellationToken) =>
        device.Store.OpenReadAsync(key, new ReadOptions { Range = new ByteRange(offset, length) }, cancellationToken);

    /// <summary>A part of an object, in memory.</summary>
    private sealed record Part(ObjectInfo Info, byte[] Bytes, long Offset)
    {
        public ObjectReader ToReader() => new(Info, new ReadOnlyMemoryStream(Bytes), Bytes.Length, new ByteRange(Offset, Bytes.Length));
    }
}
