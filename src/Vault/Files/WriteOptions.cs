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
    /// Return as soon as the write is accepted; <see cref="Vault.WaitFilesAsync"/> waits for it and tells whether it succeeded. It is lost when the process ends before.
    /// </summary>
    public bool Async { get; init; }

    /// <summary>Told how many bytes of the content are on the store.</summary>
    public IProgress<long>? Progress { get; init; }
}
