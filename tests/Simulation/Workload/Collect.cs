using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>
/// Reads to the end, by awaits of our own: those inside of the framework's Stream methods go on in the thread pool when a read waits.
/// </summary>
internal static class Collect
{
    public static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
            all.Add(item);
        return all;
    }

    /// <summary>A whole object.</summary>
    public static async Task<byte[]> BytesAsync(IStore store, StoreKey key)
    {
        await using var reader = await store.OpenReadAsync(key);
        return await BytesAsync(reader.Content);
    }

    public static async Task<byte[]> BytesAsync(Stream stream)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[50_000];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
            bytes.Write(buffer, 0, count);
        return bytes.ToArray();
    }
}
