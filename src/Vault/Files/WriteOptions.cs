namespace Coffer.Vaults;

/// <summary>How to write a file.</summary>
public sealed record WriteOptions
{
    /// <summary>Bytes of the application's own that go with this version, encrypted, up to 64 KiB.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>The file's own time; null takes that of the source, or now.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>How long this version lives, from now; null takes the vault's own setting.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>
    /// Who alone can read it, beside me: a member who can read. Null for all members. The others see that I sealed something for that person, when, and how long it is, and neither its path nor its content. A sealed file has
    /// versions of its own, apart from the plain file of its path and from what others seal there; see <see cref="FileSeal"/>.
    /// </summary>
    public PublicId? Recipient { get; init; }

    /// <summary>When the call returns, and when the version goes to the store. All files of a batch have the same.</summary>
    public WriteMode Mode { get; init; }

    /// <summary>With <see cref="WriteMode.Scheduled"/>: not before this moment, by this machine's clock; null for when housekeeping runs next (<see cref="Vault.HousekeepAsync"/>).</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Told how many bytes of the content are on the store, while this process sends it.</summary>
    public IProgress<long>? Progress { get; init; }
}
