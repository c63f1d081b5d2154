using Coffer.Vaults.Bodies;

namespace Coffer.Vaults.Records;

/// <summary>A new version of a file.</summary>
internal sealed record PutRecord : FileRecord
{
    /// <summary>The file's own time, in milliseconds since 1970.</summary>
    public required long Modified { get; init; }

    public required ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>From when on this version reads as expired, in milliseconds since 1970; 0 = never.</summary>
    public required long ContentEnd { get; init; }

    public required BodyDescriptor Body { get; init; }

    public override StoredBody? Stored => Body.Length == 0 ? null : new StoredBody(Body.Layout, Body.Pieces, ContentEnd);
}
