namespace Coffer.Stores.Local;

/// <summary>Opens <c>file://</c> URLs: <c>file:///var/coffer</c>, <c>file:///var/coffer?fsync=false</c>.</summary>
public sealed class LocalStoreProvider : IStoreProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["file"];

    /// <inheritdoc/>
    public IStore Open(StoreUrl url, StoreContext context) => new LocalStore(LocalStoreOptions.From(url, context));
}
