namespace Coffer.Stores.S3;

/// <summary>Opens <c>s3://</c> URLs: <c>s3://bucket/prefix?region=eu-central-1</c>, <c>s3://bucket?endpoint=http://localhost:9000</c>.</summary>
public sealed class S3StoreProvider : IStoreProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    /// <inheritdoc/>
    public IReadOnlyList<string> PlaceOptions { get; } = ["endpoint", "pathStyle", "region"];

    /// <inheritdoc/>
    public IStore Open(StoreUrl url, StoreContext context) => new S3Store(S3StoreOptions.From(url, context));
}
