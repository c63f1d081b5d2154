namespace Coffer.Vaults;

/// <summary>How many requests a vault made of its store since it was opened, failed ones included. What the store's own layers repeat is not counted.</summary>
public sealed record VaultRequests
{
    /// <summary>Stats: <c>HEAD</c> of HTTP.</summary>
    public long Stat { get; init; }

    /// <summary>Reads, of whole objects or ranges.</summary>
    public long Read { get; init; }

    /// <summary>Puts.</summary>
    public long Put { get; init; }

    /// <summary>Deletes; a batch counts one for each 1,000 keys.</summary>
    public long Delete { get; init; }

    /// <summary>Pages of listings, of 1,000 entries.</summary>
    public long List { get; init; }

    /// <summary>All of them.</summary>
    public long Total => Stat + Read + Put + Delete + List;
}
