namespace Coffer;

/// <summary>What a provider registers: the URL schemes that it knows, and how to open a store.</summary>
public interface IStoreProvider
{
    /// <summary>The URL schemes, in lower case, such as <c>file</c> or <c>s3</c>.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>
    /// The options of a URL that say which place it is, in camelCase, such as an endpoint: they hold on every machine, and go along when somebody is told where the
    /// store is. All others say how this machine gets there (key files, proxies, sizes), and stay here.
    /// </summary>
    IReadOnlyList<string> PlaceOptions => [];

    /// <summary>
    /// Opens a store. No I/O happens here but on the local machine; a server is met at the first operation.
    /// </summary>
    /// <param name="url">The store's URL, of one of <see cref="Schemes"/>.</param>
    /// <param name="context">Settings that are not a URL's business, and the parts that are injected.</param>
    /// <exception cref="StoreException">A setting is missing, unknown or wrong; the message names it.</exception>
    IStore Open(StoreUrl url, StoreContext context);
}
