using Coffer.Stores;

namespace Coffer.Bench.Stores;

/// <summary>A store of this repository, with all its layers.</summary>
internal sealed class StoreObjects(string url) : ISmallObjects
{
    private readonly IStore _store = StoreTargets.Registry().Open(url);

    public async Task PutAsync(string name, string file, CancellationToken cancellationToken) =>
        await _store.PutAsync(StoreKey.Parse(name), ObjectBody.FromFile(file), cancellationToken: cancellationToken);

    public async IAsyncEnumerable<string> ListAsync()
    {
        await foreach (var entry in _store.ListAsync())
            yield return entry.Key.Value;
    }

    public async Task<byte[]> GetAsync(string name, CancellationToken cancellationToken) =>
        await _store.ReadBytesAsync(StoreKey.Parse(name), cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
