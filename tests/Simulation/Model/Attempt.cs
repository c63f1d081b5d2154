using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>What an attempt was meant to make.</summary>
internal enum AttemptKind
{
    Write,
    Attributes,
    Delete,
    MemberAttribute,
}

/// <summary>One thing that a device was asked to write, and what is known of how it went.</summary>
/// <param name="Number">Counts all attempts of a world; stands in the attributes of the version, and so tells it from all others.</param>
/// <param name="Kind">What it was meant to make.</param>
/// <param name="Device">Who was asked.</param>
/// <param name="Name">The name of the file, or of the member attribute.</param>
/// <param name="Began">The moment at which it was asked.</param>
/// <param name="Batch">Equal for those that are one commit.</param>
internal sealed record Attempt(int Number, AttemptKind Kind, Device Device, string Name, long Began, int Batch)
{
    /// <summary>The body; null when it is not known which one it is, or there is none.</summary>
    public byte[]? Content { get; set; }

    /// <summary>The moment at which the vault said that it is done; null when it did not.</summary>
    public long? Acknowledged { get; set; }

    /// <summary>The time of that moment.</summary>
    public DateTimeOffset AcknowledgedAt { get; set; }

    /// <summary>The moment at which the vault had it in its queue for good; null when it is no asynchronous write, or was not accepted.</summary>
    public long? Accepted { get; set; }

    /// <summary>The time before which it must not be sent, by its device's clock; null for none.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>What it was accepted into is lost, or was replaced by an older copy.</summary>
    public bool IsForsaken { get; set; }

    /// <summary>Which of its device's states it was asked of.</summary>
    public int Life { get; } = Device.Life;

    /// <summary>All removals that were done before this moment had been seen by the device when it was asked.</summary>
    public long SeenUpTo { get; init; }

    /// <summary>The version that it made; null while no device has shown it.</summary>
    public string? VersionId { get; set; }

    /// <summary>Whether it is known when it expires.</summary>
    public bool IsExpiryKnown { get; private set; }

    /// <summary>When it expires; null for never, or when that is not known.</summary>
    public DateTimeOffset? Expires { get; private set; }

    public Person Author => Device.Person;

    public ReadOnlyMemory<byte> Token { get; } = System.Text.Encoding.ASCII.GetBytes($"attempt {Number}");

    public required string Path { get; init; }

    public FileSeal? Seal { get; init; }

    /// <summary>Whether it is sure that it has not expired at a moment.</summary>
    public bool Lives(DateTimeOffset now) => IsExpiryKnown && (Expires is null || Expires > now);

    /// <summary>Notes when a version that it made expires; false when it was another time before.</summary>
    public bool NoteExpiry(DateTimeOffset? expires)
    {
        if (IsExpiryKnown)
            return Expires == expires;
        (IsExpiryKnown, Expires) = (true, expires);
        return true;
    }

    public override string ToString() => $"attempt {Number} ({Kind} '{Name}' by {Device.Name})";

    /// <summary>Whether a version's attributes name this attempt.</summary>
    public bool Made(FileVersion version) => Token.Span.SequenceEqual(version.Attributes.Span);
}
