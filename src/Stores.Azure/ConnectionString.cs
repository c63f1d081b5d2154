using Azure.Storage.Blobs;

namespace Coffer.Stores.Azure;

/// <summary>What a connection string of Azure Storage says of the blob service.</summary>
/// <param name="Account">The account; null where the string does not tell.</param>
/// <param name="Endpoint">The service URL.</param>
/// <param name="AccountKey">The account's key; null when the string has a SAS.</param>
/// <param name="Sas">The shared access signature, without <c>?</c>; null when the string has a key.</param>
internal sealed record ConnectionString(string? Account, Uri Endpoint, string? AccountKey, string? Sas)
{
    /// <summary>The variable that Azure's own tools read.</summary>
    public const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>The setting.</summary>
    public const string Setting = "connectionString";

    /// <summary>The account, key and address that every emulator has, as Microsoft publishes them.</summary>
    private const string Emulator = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1";

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It is none; the message says why, and repeats nothing of it.</exception>
    public static ConnectionString Parse(string text)
    {
        var parts = Parts(text);
        if (parts.GetValueOrDefault("UseDevelopmentStorage") is { } emulator && bool.TryParse(emulator, out var isEmulator) && isEmulator)
            parts = Parts(Emulator);
        var account = parts.GetValueOrDefault("AccountName");
        var key = parts.GetValueOrDefault("AccountKey");
        var sas = parts.GetValueOrDefault("SharedAccessSignature")?.TrimStart('?');
        if (key is null == sas is null)
            throw new FormatException("it has an AccountKey or a SharedAccessSignature, one of them");
        var endpoint = EndpointOf(parts, account);
        return new ConnectionString(account ?? AccountOf(endpoint), endpoint, key, sas);
    }

    private static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !parts.TryAdd(part[..equals], part[(equals + 1)..]))
                throw new FormatException("it consists of Name=Value, each name once, with ';' between them");
        }
        return parts;
    }

    private static Uri EndpointOf(Dictionary<string, string> parts, string? account)
    {
        var text = parts.GetValueOrDefault("BlobEndpoint");
        if (text is null && account is not null)
            text = $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.blob.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Query.Length == 0 && endpoint.UserInfo.Length == 0 ? endpoint
            : throw new FormatException("it has an AccountName, or the URL of the service, without a query, as BlobEndpoint");
    }

    /// <summary>The account that Azure's own names of services begin with. A domain of one's own does not tell.</summary>
    private static string? AccountOf(Uri endpoint) =>
        endpoint.HostNameType != UriHostNameType.Dns || endpoint.Host.Contains(".blob.", StringComparison.OrdinalIgnoreCase) ? new BlobUriBuilder(endpoint).AccountName : null;

    /// <summary>Nothing of it: it holds a secret.</summary>
    public override string ToString() => nameof(ConnectionString);
}
