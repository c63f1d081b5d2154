namespace Coffer.Stores.Sftp;

/// <summary>Opens <c>sftp://</c> URLs: <c>sftp://user@host:22/path?identityFile=...&amp;create=true</c>.</summary>
public sealed class SftpStoreProvider : IStoreProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["sftp"];

    /// <inheritdoc/>
    public IReadOnlyList<string> PlaceOptions { get; } = ["hostKey"];

    /// <inheritdoc/>
    public IStore Open(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SftpStore(SftpStoreOptions.From(url, context), context.Time);
    }
}
