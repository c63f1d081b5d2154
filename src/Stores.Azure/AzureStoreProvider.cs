namespace Coffer.Stores.Azure;

/// <summary>Opens <c>azblob://</c> URLs: <c>azblob://account/container/prefix?create=true</c>.</summary>
public sealed class AzureStoreProvider : IStoreProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["azblob"];

    /// <inheritdoc/>
    public IReadOnlyList<string> PlaceOptions { get; } = ["endpoint"];

    /// <inheritdoc/>
    public IStore Open(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AzureStore(AzureStoreOptions.From(url, context), context.Time);
    }
}
