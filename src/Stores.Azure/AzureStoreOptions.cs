using System.Text.RegularExpressions;
using Azure.Core;

namespace Coffer.Stores.Azure;

/// <summary>Which container a store lies in, with which credentials, and how it is used.</summary>
public sealed partial record AzureStoreOptions
{
    /// <summary>The storage account.</summary>
    public required string Account { get; init; }

    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>What the names of all blobs begin with, without the <c>/</c> behind it; null for the whole container.</summary>
    public StoreKey? Prefix { get; init; }

    /// <summary>The URL of the blob service; null for the account's own in Azure's public cloud. An emulator's has the account in its path.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the container is made when the first put finds none.</summary>
    public bool Create { get; init; }

    /// <summary>The account's key, in base64. At most one of the three kinds of credentials is set.</summary>
    public string? AccountKey { get; init; }

    /// <summary>A shared access signature for the account or the container.</summary>
    public string? Sas { get; init; }

    /// <summary>Where tokens come from; null for the default chain, when there is neither key nor SAS.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>
    /// How many bytes a block of a large body has, and up to how many a body goes up in one request. From 1 MiB to 1 GiB, by default 8 MiB. A blob has at most
    /// 50,000 blocks.
    /// </summary>
    public int BlockSize { get; init; } = 8 << 20;

    /// <summary>How many blocks of one body are sent at a time; 1 to 64, by default 4. One more than these is held in memory.</summary>
    public int ParallelBlocks { get; init; } = 4;

    /// <summary>The proxy; null for what the environment names (<c>HTTPS_PROXY</c> and the like).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The options that a URL and the settings beside it name; without credentials among them, those of the environment.</summary>
    /// <exception cref="StoreException">An option is missing, unknown or wrong; the message names it.</exception>
    public static AzureStoreOptions From(StoreUrl url, StoreContext context) => From(url, context, Environment.GetEnvironmentVariable(Stores.Azure.ConnectionString.Variable));

    internal static AzureStoreOptions From(StoreUrl url, StoreContext context, string? connectionVariable)
    {
        ArgumentNullException.ThrowIfNull(url);
        var reader = new StoreOptionReader(url, context, "An Azure store");
        if (url.User is not null || url.Port is not null)
            throw reader.Refused("An Azure store has no user and no port. Write azblob://account/container, and the address of another service as the option 'endpoint'");
        var (container, prefix) = PathOf(url, reader);
        var options = new AzureStoreOptions
        {
            Account = url.Host,
            Container = container,
            Prefix = prefix,
            Endpoint = ServiceUrl(reader, "endpoint"),
            Create = reader.Bool("create", otherwise: false),
            BlockSize = (int)(reader.Number("blockSize", 1 << 20, 1 << 30) ?? 8 << 20),
            ParallelBlocks = (int)(reader.Number("parallelBlocks", 1, 64) ?? 4),
            Proxy = ServiceUrl(reader, "proxy"),
        };
        options = new AzureCredentials(reader, options, connectionVariable).Options;
        if (options.Endpoint is null && !AccountName().IsMatch(options.Account))
            throw reader.Refused($"'{options.Account}' is no name of a storage account: it has 3 to 24 lower-case letters and digits. Write azblob://account/container");
        return options;
    }

    private static (string Container, StoreKey? Prefix) PathOf(StoreUrl url, StoreOptionReader reader)
    {
        var path = url.Path.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (container, rest) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        if (url.Host.Length == 0 || container.Length == 0)
            throw reader.Refused("The URL of an Azure store names an account and a container. Write azblob://account/container or azblob://account/container/prefix");
        if (!ContainerName().IsMatch(container) && container != "$web")
            throw reader.Refused($"'{container}' is no name of a container: it has 3 to 63 lower-case letters, digits and single hyphens, and begins and ends with a letter or digit");
        if (rest.Length == 0)
            return (container, null);
        if (!StoreKey.TryParse(rest, out var prefix) || BlobNames.Fault(rest) is not null)
            throw reader.Refused($"The prefix '{rest}' is no object key: {StoreKey.Fault(rest) ?? BlobNames.Fault(rest)}");
        return (container, prefix);
    }

    private static Uri? ServiceUrl(StoreOptionReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : throw reader.Refused($"The option '{name}' is a URL such as https://host or http://host:port, without user, query and fragment", name);
    }

    /// <summary>Names the store, and no secret.</summary>
    public override string ToString() => BlobNames.StoreName(this);

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccountName();

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ContainerName();
}
