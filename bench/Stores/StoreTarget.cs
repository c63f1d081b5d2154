namespace Coffer.Bench.Stores;

/// <summary>A kind of store to be measured. To add one, say all of this in <see cref="StoreTargets"/>.</summary>
internal sealed record StoreTarget
{
    /// <summary>What it is called on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The server that tests/servers/up.sh has to start for it; null for none.</summary>
    public string? Server { get; init; }

    /// <summary>The URL of the store, once the server is there and its environment is that of this process. Given a folder that may be used.</summary>
    public required Func<TemporaryFolder, string> Url { get; init; }

    /// <summary>Whom a large file is measured against, for a URL of this kind.</summary>
    public required Func<string, TemporaryFolder, IStorePeer> Peer { get; init; }

    /// <summary>Small objects with the SDK alone, for a URL of this kind; null where there is none.</summary>
    public Func<string, ISmallObjects>? Sdk { get; init; }

    /// <summary>The same place as rclone names it.</summary>
    public required Func<StoreUrl, RcloneRemote> Rclone { get; init; }
}
