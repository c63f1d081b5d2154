using Coffer.Vaults.Bodies;

namespace Coffer.Vaults.Records;

/// <summary>A version or a delete that only its author and one recipient can read. What stands here, all members see; the rest is in the sealed text.</summary>
internal sealed record SealedRecord : VersionRecord
{
    public required PublicId Recipient { get; init; }

    /// <summary>From when on the version reads as expired, in milliseconds since 1970; 0 = never.</summary>
    public required long ContentEnd { get; init; }

    /// <summary>How the body is cut: it follows from the stored sizes of its pieces, which everybody can check.</summary>
    public required BodyLayout Layout { get; init; }

    /// <summary>Where the pieces are, in order.</summary>
    public required IReadOnlyList<PiecePlace> Pieces { get; init; }

    public required SealedParts Parts { get; init; }

    /// <summary>What the text says, once its author or recipient has opened it.</summary>
    public FileRecord? Opened { get; init; }

    /// <summary>Why it does not open for its author or recipient, though it should, in words for a person.</summary>
    public string? Fault { get; init; }

    public override StoredBody? Stored => Pieces.Count == 0 ? null : new StoredBody(Layout, Pieces, ContentEnd);

    public override FileRecord? AsFile() => Opened;

    /// <summary>The sealed form of a record.</summary>
    public static SealedRecord Of(FileRecord file, PublicId recipient, SealedParts parts)
    {
        var put = file as PutRecord;
        return new SealedRecord
        {
            Id = file.Id,
            Recipient = recipient,
            ContentEnd = put?.ContentEnd ?? 0,
            RecordEnd = file.RecordEnd,
            Layout = put?.Body.Layout ?? BodyLayout.OfKnownLength(0),
            Pieces = put?.Body.Pieces ?? [],
            Parts = parts,
            Opened = file,
        };
    }
}
