namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What whoever runs the store can do to the objects of a vault.</summary>
internal static class StoredObjects
{
    public const string CommitKeys = "users/commits/";
    public const string LedgerKeys = "users/ledger/";
    public const string DataKeys = "users/data/";

    public static async Task<string[]> KeysAsync(this IStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var entry in store.ListAsync(prefix))
            keys.Add(entry.Key.Value);
        return [.. keys];
    }

    public static Task<byte[]> GetAsync(this IStore store, string key) => store.ReadBytesAsync(StoreKey.Parse(key)).AsTask();

    public static async Task SetAsync(this IStore store, string key, byte[] bytes) => await store.PutBytesAsync(StoreKey.Parse(key), bytes);

    public static async Task RemoveAsync(this IStore store, string key) => await store.DeleteAsync(StoreKey.Parse(key));

    public static async Task ChangeAsync(this IStore store, string key, Func<byte[], byte[]> change) => await store.SetAsync(key, change(await store.GetAsync(key)));

    /// <summary>Turns one bit over; an offset below zero counts from the end.</summary>
    public static Task FlipAsync(this IStore store, string key, int offset) => store.ChangeAsync(key, bytes =>
    {
        bytes[offset < 0 ? bytes.Length + offset : offset] ^= 1;
        return bytes;
    });
}
