using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Index;

/// <summary>A record that counts, as the index tells it.</summary>
internal sealed record FileRow
{
    public required long Row { get; init; }

    public required string Path { get; init; }

    /// <summary>Whose it is; null for a plain file.</summary>
    public required FileSeal? Seal { get; init; }

    public required bool IsDelete { get; init; }

    public required UInt128 Record { get; init; }

    /// <summary>Its place in the total order.</summary>
    public required byte[] Place { get; init; }

    public required long Size { get; init; }

    public required long Modified { get; init; }

    public required byte[] Attributes { get; init; }

    public required long ContentEnd { get; init; }

    public PublicId Author => Index.Place.Author(Place);

    public CommitName Commit => Index.Place.Commit(Place);

    public bool IsExpired(long now) => ContentEnd != 0 && ContentEnd <= now;
}

/// <summary>Where a body is: what the record says of it, and its commit, whose tail may hold it.</summary>
internal sealed record LocatedBody(BodyDescriptor Body, CommitName Commit, Digest CommitHash, long TailOffset);
