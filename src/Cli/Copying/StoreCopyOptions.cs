namespace Coffer.Cli.Copying;

/// <summary>How a store is copied.</summary>
internal sealed record StoreCopyOptions
{
    /// <summary>Only keys that begin with this text.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether an object with another content is replaced; else it is left, and counts as failed.</summary>
    public bool Replaces { get; init; }

    /// <summary>Whether an object of the same size is taken for the same, without reading both.</summary>
    public bool TrustsSizes { get; init; }
}
