using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults.Sync;

/// <summary>Reads the header and the sealed head of commits: one ranged GET mostly, another one for a head that is longer.</summary>
internal sealed class CommitFetcher(IStore store, VaultNames names)
{
    private const int FirstRead = 64 << 10;

    /// <summary>Reads one commit; null when there is none under this name.</summary>
    public async ValueTask<FetchedCommit?> FetchAsync(CommitName name, CancellationToken cancellationToken)
    {
        var key = names.Commit(name);
        byte[] bytes;
        long size;
        try
        {
            await using var reader = await store.OpenReadAsync(key, new ReadOptions { Range = new ByteRange(0, FirstRead) }, cancellationToken);
            size = reader.Info.Size;
            bytes = await reader.ReadToEndAsync(FirstRead, cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            return null;
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.RangeNotSatisfiable)
        {
            return FetchedCommit.Junk(name, default, "it is empty");
        }
        CommitHeader header;
        try
        {
            header = Parse(name, bytes, size);
        }
        catch (WireException fault)
        {
            return FetchedCommit.Junk(name, bytes, fault.Message);
        }
        if (header.TailOffset <= bytes.Length)
            return new FetchedCommit(name, header, bytes.AsMemory(0, header.TailOffset), null);
        byte[] rest;
        try
        {
            rest = await store.ReadBytesAsync(key, new ByteRange(bytes.Length, header.TailOffset - bytes.Length), CommitHeader.MaxHead, cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            return null;
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.RangeNotSatisfiable)
        {
            rest = [];
        }
        return bytes.Length + rest.Length == header.TailOffset
            ? new FetchedCommit(name, header, (byte[])[.. bytes, .. rest], null)
            : FetchedCommit.Junk(name, bytes, $"it became shorter between two reads, and its header says {header.TotalLength} bytes");
    }

    private static CommitHeader Parse(CommitName name, byte[] bytes, long size)
    {
        if (bytes.Length < CommitHeader.Size)
            throw new WireException($"it has {size} bytes, and a header alone has {CommitHeader.Size}");
        var header = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size));
        if (header.Writer != name.Writer || header.Number != name.Number)
            throw new WireException($"it was written as {new CommitName(header.Writer, header.Number)}");
        if (header.TotalLength != size)
            throw new WireException($"it has {size} bytes, and its header says {header.TotalLength}");
        return header;
    }
}
