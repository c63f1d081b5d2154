using Coffer.Vaults.Encoding;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Sync;

/// <summary>Reads packs: one GET each, of which no more is taken than the heads, unless all of it is wanted.</summary>
internal sealed class PackFetcher(IStore store, VaultNames names)
{
    /// <summary>Reads the heads of a pack; null when there is none under this name.</summary>
    public ValueTask<FetchedPack?> FetchHeadsAsync(PackName name, CancellationToken cancellationToken) => FetchAsync(name, whole: false, cancellationToken);

    /// <summary>Reads all of a pack and holds it against the hash in its name; null when there is none under this name.</summary>
    public ValueTask<FetchedPack?> FetchWholeAsync(PackName name, CancellationToken cancellationToken) => FetchAsync(name, whole: true, cancellationToken);

    private async ValueTask<FetchedPack?> FetchAsync(PackName name, bool whole, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await store.OpenReadAsync(names.Pack(name), cancellationToken: cancellationToken);
            var size = reader.Info.Size;
            try
            {
                var bytes = await ReadAsync(reader, size, whole, cancellationToken);
                if (whole && Digest.Of(bytes) != name.Hash)
                    throw new WireException("it has another hash than its name states");
                return new FetchedPack(name, size, PackCodec.Read(name, bytes, size), null);
            }
            catch (WireException fault)
            {
                return new FetchedPack(name, size, [], fault.Message);
            }
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>The bytes up to the end of the heads, or all. What the object states of itself is checked before room is made for it.</summary>
    private static async Task<byte[]> ReadAsync(ObjectReader reader, long size, bool whole, CancellationToken cancellationToken)
    {
        if (size is < PackCodec.PrefaceSize or > PackCodec.MaxSize)
            throw new WireException($"it has {size} bytes, and a pack has {PackCodec.PrefaceSize} to {PackCodec.MaxSize}");
        var preface = new byte[PackCodec.PrefaceSize];
        await FillAsync(preface);
        var length = whole ? (int)size : PackCodec.ReadPreface(preface, size);
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        preface.CopyTo(bytes, 0);
        await FillAsync(bytes.AsMemory(PackCodec.PrefaceSize));
        return bytes;

        async Task FillAsync(Memory<byte> part)
        {
            if (await reader.Content.ReadFullyAsync(part, cancellationToken) < part.Length)
                throw new WireException("it ends too early");
        }
    }
}
