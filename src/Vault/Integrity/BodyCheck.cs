using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Integrity;

/// <summary>Looks for the objects that hold bodies, and, when asked to, reads each once and holds every chunk in it against the roots that authors signed. It takes no key.</summary>
/// <param name="device">The device.</param>
/// <param name="deep">Whether they are read.</param>
/// <param name="progress">Told how many objects were found, or how many bytes read.</param>
internal sealed class BodyCheck(VaultDevice device, bool deep, Action<long, long> progress)
{
    /// <summary>How many objects are read at a time; the pool bounds their memory.</summary>
    private const int Reads = 8;

    private readonly PiecePool _pool = new();
    private long _bytesRead;

    /// <summary>How many bytes were read.</summary>
    public long BytesRead => _bytesRead;

    /// <summary>Checks them, and gives what is wrong.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<NeededObject> needed, CancellationToken cancellationToken)
    {
        var sizes = await ListAsync([.. needed.Select(static body => body.Name)], cancellationToken);
        var total = deep ? needed.Sum(static body => body.PiecesLength) : needed.Count;
        var done = 0L;
        var findings = await Concurrently.SelectAsync(needed, Reads, async (body, token) =>
        {
            var finding = await CheckAsync(body, sizes, token);
            progress(Interlocked.Add(ref done, deep ? body.PiecesLength : 1), total);
            return finding;
        }, cancellationToken);
        return [.. findings.OfType<Finding>()];
    }

    private async Task<Dictionary<ObjectName, long>> ListAsync(HashSet<ObjectName> needed, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<ObjectName, long>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Data, cancellationToken: cancellationToken))
        {
            if (device.Names.ParseObject(entry.Key) is { } name && needed.Contains(name))
                sizes[name] = entry.Size;
        }
        return sizes;
    }

    private async ValueTask<Finding?> CheckAsync(NeededObject body, Dictionary<ObjectName, long> sizes, CancellationToken cancellationToken)
    {
        // What is not in the listing may have come while it ran.
        if ((sizes.TryGetValue(body.Name, out var size) ? size : (await device.Store.StatAsync(device.Names.Object(body.Name), cancellationToken))?.Size) is not { } found)
            return BodyReport.Missing(body);
        if (found != body.Size)
            return BodyReport.Changed(body, $"an object of {found} bytes");
        return deep ? await ReadAsync(body, cancellationToken) : null;
    }

    private async Task<Finding?> ReadAsync(NeededObject body, CancellationToken cancellationToken)
    {
        var bad = 0;
        foreach (var block in body.Blocks())
        {
            using var buffer = await _pool.RentAsync((int)block.Length, cancellationToken);
            if (await ReadAsync(body, block, buffer.Memory, cancellationToken) is not { } read)
                return BodyReport.Missing(body);
            var bytes = buffer.Memory[..read];
            await device.Environment.Workers.RunAsync(() => bad += block.Pieces.Count(piece => !IsWhole(piece, bytes.Span, piece.Place.Offset - block.Start)), cancellationToken);
        }
        return bad == 0 ? null : BodyReport.Changed(body, $"{bad} of {body.Pieces.Count} pieces that are not what was written");
    }

    /// <summary>Reads one block, as far as it is there; null when the object is not.</summary>
    private async Task<int?> ReadAsync(NeededObject body, PieceBlock block, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await device.Store.OpenReadAsync(device.Names.Object(body.Name), new ReadOptions { Range = new ByteRange(block.Start, block.Length) }, cancellationToken);
            var read = await reader.Content.ReadFullyAsync(buffer, cancellationToken);
            Interlocked.Add(ref _bytesRead, read);
            return read;
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            return null;
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.RangeNotSatisfiable)
        {
            return 0;
        }
    }

    private static bool IsWhole(NeededPiece piece, ReadOnlySpan<byte> bytes, long offset) =>
        offset + piece.Layout.SealedLength <= bytes.Length && PieceOpener.IsWhole(piece.Layout, piece.Place, bytes.Slice((int)offset, piece.Layout.SealedLength));
}
