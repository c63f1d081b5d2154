using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace Coffer.Stores.Azure;

/// <summary>The SDK's clients of one container, over a transport of their own.</summary>
internal sealed class AzureConnection : IDisposable
{
    private readonly AzureStoreOptions _options;
    private readonly HttpClient _http;

    /// <param name="options">The container and its credentials.</param>
    /// <param name="handler">Sends the requests; null for one over sockets.</param>
    /// <exception cref="StoreException">The endpoint or the credentials cannot be used.</exception>
    public AzureConnection(AzureStoreOptions options, HttpMessageHandler? handler = null)
    {
        _options = options;
        var service = options.Endpoint ?? BlobNames.PublicCloud(options.Account);
        var container = new Uri($"{service.AbsoluteUri.TrimEnd('/')}/{options.Container}");
        Check(service, container);
        _http = new HttpClient(handler ?? Sockets(options.Proxy)) { Timeout = Timeout.InfiniteTimeSpan };
        var settings = new BlobClientOptions
        {
            Transport = new HttpClientTransport(_http),
            // The layers around a store retry and limit the time, each in one place.
            Retry = { MaxRetries = 0, NetworkTimeout = Timeout.InfiniteTimeSpan },
            Diagnostics = { ApplicationId = "coffer" },
        };
        settings.AddPolicy(new ContentErrorPolicy(), HttpPipelinePosition.PerCall);
        (Service, Container) = Clients(service, container, settings);
    }

    /// <summary>The container's client.</summary>
    public BlobContainerClient Container { get; }

    /// <summary>The account's client.</summary>
    public BlobServiceClient Service { get; }

    /// <summary>Whether the first put makes the container.</summary>
    public bool CreatesContainer => _options.Create;

    /// <summary>How requests are signed.</summary>
    public CredentialKind Kind => _options switch
    {
        { AccountKey: not null } => CredentialKind.AccountKey,
        { Sas: not null } => CredentialKind.Sas,
        _ => CredentialKind.Token,
    };

    /// <summary>The client of one blob.</summary>
    public BlockBlobClient Blob(string name) => Container.GetBlockBlobClient(name);

    private (BlobServiceClient Service, BlobContainerClient Container) Clients(Uri service, Uri container, BlobClientOptions settings)
    {
        switch (Kind)
        {
            case CredentialKind.AccountKey:
                var key = new StorageSharedKeyCredential(_options.Account, _options.AccountKey);
                return (new BlobServiceClient(service, key, settings), new BlobContainerClient(container, key, settings));
            case CredentialKind.Sas:
                var sas = new AzureSasCredential(_options.Sas!);
                return (new BlobServiceClient(service, sas, settings), new BlobContainerClient(container, sas, settings));
            default:
                var token = _options.Credential ?? new DefaultAzureCredential();
                return (new BlobServiceClient(service, token, settings), new BlobContainerClient(container, token, settings));
        }
    }

    private void Check(Uri service, Uri container)
    {
        // The SDK takes addresses apart by rules of its own, and would send requests about other blobs where it fails.
        var parts = new BlobUriBuilder(container);
        if (parts.BlobContainerName != _options.Container || parts.BlobName.Length > 0)
        {
            throw Refused($"The endpoint '{service}' is no service URL that Azure's SDK understands. It is https://account.blob.domain; or, with an IP address and not a name, "
                + $"http://127.0.0.1:10000/{_options.Account}, with the account in the path", "endpoint");
        }
        if (Kind == CredentialKind.Token && service.Scheme != Uri.UriSchemeHttps)
        {
            throw Refused($"There is no account key, connection string or SAS, so a token would be sent to '{service}', which is not encrypted. Use https, "
                + $"or give the store a key: {ConnectionString.Variable}, or the setting 'connectionString', 'accountKey' or 'sas'", ConnectionString.Setting);
        }
    }

    private StoreException Refused(string why, string option)
    {
        var name = BlobNames.StoreName(_options);
        return new StoreException(StoreErrorKind.Unsupported, $"{why} (the store is '{name}').") { Operation = StoreOperation.Open, StoreName = name, Option = option };
    }

    private static SocketsHttpHandler Sockets(Uri? proxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            // Names are looked up again now and then, and no connection is used that a load balancer has long forgotten.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (proxy is not null)
            handler.Proxy = new WebProxy(proxy);
        return handler;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>How requests are signed.</summary>
internal enum CredentialKind
{
    /// <summary>With the account's key.</summary>
    AccountKey,

    /// <summary>With a shared access signature.</summary>
    Sas,

    /// <summary>With tokens.</summary>
    Token,
}
