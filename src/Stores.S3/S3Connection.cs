using System.Net;
using System.Net.Http;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>
/// The SDK's client for one store, made at the first request: making it looks for a region and credentials in files, and on Amazon's machines at a server.
/// </summary>
internal sealed class S3Connection(S3StoreOptions options, HttpMessageHandler? handler = null) : IDisposable
{
    /// <summary>How much of a body is copied at a time. The SDK's own 8 KiB cost a quarter of the throughput.</summary>
    private const int BufferSize = 80 << 10;

    private readonly Lock _lock = new();
    private HttpMessageHandler? _handler = handler;
    private HttpClient? _http;
    private PipedClient? _client;
    private bool _disposed;

    /// <exception cref="Exception">The SDK's, when it finds no region or no such profile.</exception>
    public AmazonS3Client Client
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _client ??= Connect();
            }
        }
    }

    private PipedClient Connect()
    {
        // Not closed by the SDK: this class does it.
        _http ??= new HttpClient(new NoExpectation(new ConnectionLimit(_handler ??= Handler())), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var config = new AmazonS3Config
        {
            // Retries are the business of one layer around this store.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            BufferSize = BufferSize,
            HttpClientFactory = new OneHttpClient(_http),
            // Checksums in trailers are Amazon's own: other servers refuse them, or store them as content.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            // A URL means the same place on every machine, whatever AWS_ENDPOINT_URL says there.
            IgnoreConfiguredEndpointUrls = true,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Profile is { } profile)
            config.Profile = new Profile(profile);
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        return options switch
        {
            { Anonymous: true } => new PipedClient(new AnonymousAWSCredentials(), config),
            { AccessKeyId: { } id, SecretAccessKey: { } secret, SessionToken: { } token } => new PipedClient(new SessionAWSCredentials(id, secret, token), config),
            { AccessKeyId: { } id, SecretAccessKey: { } secret } => new PipedClient(new BasicAWSCredentials(id, secret), config),
            _ => new PipedClient(config),
        };
    }

    private SocketsHttpHandler Handler()
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            // Below what servers allow, so that a request seldom meets a connection that is just being closed; and names are looked up again now and then.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxConnectionsPerServer = options.Connections ?? int.MaxValue,
        };
        if (options.Proxy is { } proxy)
            sockets.Proxy = new WebProxy(proxy) { Credentials = CredentialsOf(proxy) };
        return sockets;
    }

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _client?.Dispose();
            _http?.Dispose();
            _handler?.Dispose();
        }
    }

    /// <summary>One client for all requests, with a pool of its own.</summary>
    private sealed class OneHttpClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    /// <summary>The SDK's client with two steps of our own in its pipeline.</summary>
    private sealed class PipedClient : AmazonS3Client
    {
        public PipedClient(AmazonS3Config config)
            : base(config)
        {
        }

        public PipedClient(AWSCredentials credentials, AmazonS3Config config)
            : base(credentials, config)
        {
        }

        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            pipeline.AddHandlerBefore<Signer>(new PrecomputedHash());
            pipeline.AddHandlerBefore<Unmarshaller>(new AnswerNotes());
        }
    }
}
