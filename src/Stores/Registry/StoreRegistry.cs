namespace Coffer.Stores;

/// <summary>
/// Opens stores by URL, with the providers that it was given, and puts the layers around them. Make one where the application is put together; there is no
/// global one.
/// </summary>
/// <remarks>
/// The layers, from the inside out: provider, <see cref="ArgumentCheckStore"/>, <see cref="TelemetryStore"/>, <see cref="TimeoutStore"/>,
/// <see cref="ConcurrencyLimitStore"/>, <see cref="RetryStore"/>, <see cref="PrefixStore"/>. So each attempt is counted and limited in time by itself, the
/// wait for one's turn is neither counted nor limited, and nobody holds a turn while waiting for the next attempt.
/// </remarks>
public sealed class StoreRegistry : IStoreProviderCollection
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IStoreProvider> _providers = new(StringComparer.Ordinal);

    /// <param name="providers">The providers to begin with.</param>
    /// <exception cref="ArgumentException">Two of them have one scheme.</exception>
    public StoreRegistry(params IEnumerable<IStoreProvider> providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        foreach (var provider in providers)
            Add(provider);
    }

    /// <summary>The schemes that can be opened, in order.</summary>
    public IReadOnlyList<string> Schemes
    {
        get
        {
            lock (_lock)
                return [.. _providers.Keys];
        }
    }

    /// <summary>Adds a provider. Those of Coffer's packages have a method of their own: <c>new StoreRegistry().AddLocal().AddS3()</c>.</summary>
    /// <exception cref="ArgumentException">One of its schemes has a provider already, or is not in lower case.</exception>
    public StoreRegistry Add(IStoreProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        lock (_lock)
        {
            foreach (var scheme in provider.Schemes)
            {
                if (scheme.Length == 0 || !string.Equals(scheme, scheme.ToLowerInvariant(), StringComparison.Ordinal))
                    throw new ArgumentException($"The scheme '{scheme}' of {provider.GetType().Name} must be in lower case and not empty.", nameof(provider));
                if (_providers.TryGetValue(scheme, out var present))
                    throw new ArgumentException($"The scheme '{scheme}' of {provider.GetType().Name} has a provider already, {present.GetType().Name}.", nameof(provider));
            }
            foreach (var scheme in provider.Schemes)
                _providers.Add(scheme, provider);
        }
        return this;
    }

    void IStoreProviderCollection.Add(IStoreProvider provider) => Add(provider);

    /// <summary>Opens a store by its URL.</summary>
    /// <exception cref="FormatException">The text is no store URL.</exception>
    /// <exception cref="StoreException">No provider has the scheme, or a setting is missing, unknown or wrong; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public IStore Open(string url, StoreOpenOptions? options = null) => Open(StoreUrl.Parse(url), options);

    /// <summary>Opens a store by its URL.</summary>
    /// <exception cref="StoreException">No provider has the scheme, or a setting is missing, unknown or wrong; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public IStore Open(StoreUrl url, StoreOpenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        options ??= new StoreOpenOptions();
        options.Validate();
        return Layered(ProviderOf(url).Open(url, options.Context), options);
    }

    /// <summary>
    /// The URL by which somebody else finds the same store: without the options that hold on this machine only, such as key files and proxies
    /// (<see cref="IStoreProvider.PlaceOptions"/>).
    /// </summary>
    /// <exception cref="StoreException">No provider has the scheme.</exception>
    public StoreUrl PlaceOf(StoreUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.WithOnly(ProviderOf(url).PlaceOptions);
    }

    private static IStore Layered(IStore store, StoreOpenOptions options)
    {
        var time = options.Context.Time;
        store = new ArgumentCheckStore(store);
        if (options.Telemetry)
            store = new TelemetryStore(store, time);
        if (options.Timeout is { } timeout)
            store = new TimeoutStore(store, time, timeout);
        if (options.ConcurrencyLimit is { } limit)
            store = new ConcurrencyLimitStore(store, limit);
        if (options.Retry is { } retry)
            store = new RetryStore(store, time, retry, options.Randomness);
        return options.Prefix is { } prefix ? new PrefixStore(store, prefix) : store;
    }

    private IStoreProvider ProviderOf(StoreUrl url)
    {
        lock (_lock)
        {
            if (_providers.TryGetValue(url.Scheme, out var provider))
                return provider;
        }
        var known = Schemes is [_, ..] schemes ? "Registered are: " + string.Join(", ", schemes) : "None is registered";
        var remedy = PackageOf(url.Scheme) is { } package
            ? $"Add the package {package} and register its provider."
            : "Register a provider that knows it, or correct the URL.";
        throw new StoreException(StoreErrorKind.Unsupported, $"No store provider for the scheme '{url.Scheme}' is registered. {known}. {remedy}")
        {
            Operation = StoreOperation.Open,
            StoreName = url.ToString(),
        };
    }

    private static string? PackageOf(string scheme) => scheme switch
    {
        "file" => "Coffer.Stores.Local",
        "s3" => "Coffer.Stores.S3",
        "sftp" => "Coffer.Stores.Sftp",
        "azblob" => "Coffer.Stores.Azure",
        "mem" => "Coffer.Stores",
        _ => null,
    };
}
