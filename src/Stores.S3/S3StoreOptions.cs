namespace Coffer.Stores.S3;

/// <summary>How a store in a bucket is reached and used. The options of a URL and of settings have the names of these properties.</summary>
public sealed record S3StoreOptions
{
    /// <summary>The least size of a part that S3 takes (but for the last one): 5 MiB.</summary>
    public const long LeastPartSize = 5L << 20;

    /// <summary>The greatest size of a part that this store makes, for it is held in memory: 1 GiB.</summary>
    public const long MostPartSize = 1L << 30;

    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The key below which the store lies, without a trailing <c>/</c>; empty for the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The region, such as <c>eu-central-1</c>. Null: what the environment or the profile says; <c>us-east-1</c> when an endpoint is given.</summary>
    public string? Region { get; init; }

    /// <summary>The server, when it is not Amazon's: <c>http://localhost:9000</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the bucket stands in the path of requests and not in the host name. Null: when an endpoint is given.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Whether the bucket is made when it is missing, before the first operation.</summary>
    public bool Create { get; init; }

    /// <summary>The profile of <c>~/.aws</c> that has the credentials; null for the default chain.</summary>
    public string? Profile { get; init; }

    /// <summary>The access key's id; null for the default chain.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The access key's secret. It belongs to <see cref="AccessKeyId"/>.</summary>
    public string? SecretAccessKey { get; init; }

    /// <summary>The session token of temporary credentials.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Whether requests are not signed at all, for a bucket that everybody may read.</summary>
    public bool Anonymous { get; init; }

    /// <summary>The HTTP proxy; null for what the environment says (<c>HTTPS_PROXY</c> and its siblings).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The size of the parts of a large body, in bytes, from 5 MiB to 1 GiB, by default 8 MiB. A body of more than 10,000 of them gets larger ones.</summary>
    public long PartSize { get; init; } = 8 << 20;

    /// <summary>How many parts of one body are sent at a time, from 1 to 64, by default 4. As many parts are held in memory.</summary>
    public int ParallelParts { get; init; } = 4;

    /// <summary>
    /// Whether bodies are hashed for the signature over https too. It costs a SHA-256 of each body, and finds what TLS cannot: damage between its end and the disk.
    /// Over plain http bodies are always signed.
    /// </summary>
    public bool SignPayload { get; init; }

    /// <summary>The most connections to the server, from 1 to 10,000; null for no limit. A reader that is open holds one.</summary>
    public int? Connections { get; init; }

    /// <summary>The clock and timers of waits between tries of a part.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the server is Amazon's own, whose conditional puts are known to hold.</summary>
    internal bool IsAmazon => Endpoint is null
        || Endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        || Endpoint.Host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase);

    /// <summary>A key of the store as the bucket has it.</summary>
    internal string FullKey(StoreKey key) => Prefix.Length == 0 ? key.Value : $"{Prefix}/{key.Value}";

    /// <summary>Whether bodies go without a signature of their own.</summary>
    internal bool LeavesPayloadUnsigned => !SignPayload && (Endpoint is null || Endpoint.Scheme == Uri.UriSchemeHttps);

    /// <summary>The options that a URL and the settings beside it name.</summary>
    /// <exception cref="StoreException">Something is missing, unknown or wrong (<see cref="StoreErrorKind.Unsupported"/>); the message names it.</exception>
    public static S3StoreOptions From(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(context);
        var reader = new StoreOptionReader(url, context, "An S3 store");
        if (url.Host.Length == 0)
            throw reader.Refused("The URL names no bucket. Write s3://bucket/prefix");
        if (url.User is not null || url.Port is not null)
            throw reader.Refused("The URL of an S3 store has no user and no port: the bucket follows s3://, and a server of one's own is named by endpoint=http://host:port");
        var prefix = url.Path.Trim('/');
        if (prefix.Length > 0 && StoreKey.Fault(prefix) is { } fault)
            throw reader.Refused($"The prefix '{prefix}' cannot begin a key: {fault}");
        var options = new S3StoreOptions
        {
            Bucket = url.Host,
            Prefix = prefix,
            Region = reader.Text("region"),
            Endpoint = Address(reader, "endpoint"),
            PathStyle = reader.Text("pathStyle") is null ? null : reader.Bool("pathStyle", otherwise: false),
            Create = reader.Bool("create", otherwise: false),
            Profile = reader.Text("profile"),
            AccessKeyId = reader.Secret("accessKeyId"),
            SecretAccessKey = reader.Secret("secretAccessKey"),
            SessionToken = reader.Secret("sessionToken"),
            Anonymous = reader.Bool("anonymous", otherwise: false),
            Proxy = ProxyOf(url, reader),
            PartSize = reader.Number("partSize", LeastPartSize, MostPartSize) ?? 8 << 20,
            ParallelParts = (int)(reader.Number("parallelParts", 1, 64) ?? 4),
            SignPayload = reader.Bool("signPayload", otherwise: false),
            Connections = (int?)reader.Number("connections", 1, 10_000),
            Time = context.Time,
        };
        reader.Finish();
        return options.Fault() is var (wrong, option) ? throw reader.Refused(wrong, option) : options;
    }

    /// <summary>What is wrong with these options; null when nothing is.</summary>
    internal (string Text, string Option)? Fault()
    {
        if (AccessKeyId is null != SecretAccessKey is null)
            return ("The settings 'accessKeyId' and 'secretAccessKey' belong together, and one of them is missing", AccessKeyId is null ? "secretAccessKey" : "accessKeyId");
        if (SessionToken is not null && AccessKeyId is null)
            return ("The setting 'sessionToken' belongs to 'accessKeyId' and 'secretAccessKey', which are missing", "sessionToken");
        if (new[] { Anonymous, AccessKeyId is not null, Profile is not null }.Count(static given => given) > 1)
            return ("Only one of 'anonymous', 'profile' and 'accessKeyId' can say whose requests they are", AccessKeyId is not null ? "accessKeyId" : "profile");
        if (PartSize is < LeastPartSize or > MostPartSize)
            return ($"The option 'partSize' is from {LeastPartSize} to {MostPartSize} bytes, not {PartSize}", "partSize");
        return ParallelParts is < 1 or > 64 ? ($"The option 'parallelParts' is from 1 to 64, not {ParallelParts}", "parallelParts") : null;
    }

    private static Uri? Address(StoreOptionReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
                && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw reader.Refused($"The option '{name}' is an address such as http://localhost:9000, without user, query and fragment", name);
    }

    /// <summary>A setting may hold the proxy's password; the URL may not.</summary>
    private static Uri? ProxyOf(StoreUrl url, StoreOptionReader reader)
    {
        if (reader.Text("proxy") is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var proxy) || proxy.Scheme is not ("http" or "https" or "socks5") || proxy.Host.Length == 0)
            throw reader.Refused("The option 'proxy' is an address such as http://proxy:3128", "proxy");
        return proxy.UserInfo.Length > 0 && url.Options.ContainsKey("proxy")
            ? throw reader.Refused("The proxy's user and password are a secret. Give 'proxy' as a setting beside the URL", "proxy")
            : proxy;
    }

    /// <summary>For logs: where the store is, without secrets.</summary>
    public override string ToString() => $"{nameof(S3StoreOptions)} {{ {Name} }}";

    /// <summary>The store's URL as these options give it, without secrets: it names the place, not how to get there.</summary>
    internal string Name
    {
        get
        {
            var path = Prefix.Length == 0 ? "" : "/" + string.Join('/', Prefix.Split('/').Select(Uri.EscapeDataString));
            var query = (Region is null ? [] : new[] { "region=" + Uri.EscapeDataString(Region) })
                .Concat(Endpoint is null ? [] : ["endpoint=" + Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')]);
            var text = string.Join('&', query);
            return $"s3://{Uri.EscapeDataString(Bucket)}{path}{(text.Length == 0 ? "" : "?" + text)}";
        }
    }
}
