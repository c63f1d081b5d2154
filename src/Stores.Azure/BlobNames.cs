namespace Coffer.Stores.Azure;

/// <summary>The names of blobs, which are the keys behind the store's prefix.</summary>
internal sealed class BlobNames(StoreKey? prefix, string storeName)
{
    /// <summary>The limits of the service, for a whole name ("Naming and Referencing Containers, Blobs, and Metadata").</summary>
    private const int MostCharacters = 1024, MostSegments = 254;

    private readonly string _root = prefix is { } key ? key.Value + "/" : "";

    /// <summary>The name of a key's blob.</summary>
    /// <exception cref="StoreException">Azure cannot keep the key exactly (<see cref="StoreErrorKind.InvalidKey"/>).</exception>
    public string Of(StoreKey key, StoreOperation operation)
    {
        var name = _root + key.Value;
        var fault = key.IsDefault ? "it is empty" : Fault(name);
        return fault is null ? name
            : throw new Place(operation, key.Value, storeName).Error(StoreErrorKind.InvalidKey, $"'{key}' cannot be kept in '{storeName}': {fault}.");
    }

    /// <summary>What the names of all blobs below a prefix of keys begin with.</summary>
    public string OfPrefix(string text) => _root + text;

    /// <summary>The key of a blob that a listing gave; false when it is none, because somebody else put it there.</summary>
    public bool TryParse(string name, out StoreKey key)
    {
        key = default;
        return name.StartsWith(_root, StringComparison.Ordinal) && StoreKey.TryParse(name[_root.Length..], out key) && Fault(name) is null;
    }

    /// <summary>
    /// Why the service would not keep a name that consists of keys, in words for a person; null when it does. Dots at the end of a segment are stored by some
    /// parts of Azure and dropped by others; its documentation advises against them.
    /// </summary>
    public static string? Fault(string name)
    {
        if (name.Length > MostCharacters)
            return $"with the store's prefix it has {name.Length} characters, and the name of a blob has at most {MostCharacters}";
        var segments = 1 + name.AsSpan().Count('/');
        if (segments > MostSegments)
            return $"with the store's prefix it has {segments} segments, and the name of a blob has at most {MostSegments}";
        return name.EndsWith('.') || name.Contains("./", StringComparison.Ordinal) ? "a segment ends with a dot, which Azure does not keep reliably" : null;
    }

    /// <summary>The service URL of an account in Azure's public cloud.</summary>
    public static Uri PublicCloud(string account) => new($"https://{account}.blob.core.windows.net");

    /// <summary>The URL of a store, without secrets.</summary>
    public static string StoreName(AzureStoreOptions options)
    {
        var name = $"azblob://{Uri.EscapeDataString(options.Account)}/{options.Container}";
        if (options.Prefix is { } prefix)
            name += "/" + string.Join('/', prefix.Value.Split('/').Select(Uri.EscapeDataString));
        return options.Endpoint is { } endpoint && endpoint != PublicCloud(options.Account) ? $"{name}?endpoint={endpoint.AbsoluteUri.TrimEnd('/')}" : name;
    }
}
