using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Files;

/// <summary>Reads the pieces of one body, from objects in <c>data/</c> or from the tail of its commit.</summary>
internal sealed class PieceStore(VaultDevice device, CommitName commit, long tailOffset, string path) : IPieceSource
{
    public async ValueTask<ObjectReader> OpenAsync(PiecePlace place, long offset, long length, CancellationToken cancellationToken)
    {
        var key = place.Object is { } name ? device.Names.Object(name) : device.Names.Commit(commit);
        var start = place.Offset + offset + (place.Object is null ? tailOffset : 0);
        try
        {
            return await device.Store.OpenReadAsync(key, new ReadOptions { Range = new ByteRange(start, length) }, cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            throw new BodyMissingException(path, key.Value, fault);
        }
    }
}
