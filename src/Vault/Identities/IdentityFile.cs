using System.Security.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>
/// Identities in files, open or locked with a passphrase (docs/format.md, section 3). A lock is scrypt (RFC 7914) with 128 MiB of memory, and AES-256-GCM.
/// </summary>
public static class IdentityFile
{
    private const int MaxLength = 64 << 10;

    /// <summary>Writes an identity into a new file that only its owner can read (mode 0600; on Windows, the folder's own rules). Success means durable.</summary>
    /// <param name="path">The file's name. What is there is never overwritten.</param>
    /// <param name="id">The identity. It stays the caller's.</param>
    /// <param name="passphrase">What locks the file; null leaves it open. Its UTF-8 is taken as it is, without Unicode normalisation.</param>
    /// <param name="environment">Where the salt comes from and where scrypt runs; the real ones when null.</param>
    /// <param name="cancellationToken">Ends it early; then there is no file.</param>
    /// <exception cref="IdentityFileException">The name is taken (<see cref="IdentityFileFault.Exists"/>).</exception>
    /// <exception cref="ArgumentException">The passphrase is empty or has a lone surrogate.</exception>
    /// <exception cref="IOException">The file cannot be written; there is none then.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static Task WriteAsync(
        string path, PrivateId id, string? passphrase = null, VaultEnvironment? environment = null, CancellationToken cancellationToken = default) =>
        WriteAsync(path, id, passphrase, IdentityLock.Default, environment ?? new VaultEnvironment(), cancellationToken);

    /// <summary>Reads an identity.</summary>
    /// <param name="path">The file's name.</param>
    /// <param name="passphrase">Asked once, when the file is locked. Null, or a null answer, gives <see cref="IdentityFileFault.PassphraseNeeded"/>.</param>
    /// <param name="environment">Where scrypt runs; the real one when null.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The identity, the caller's to dispose.</returns>
    /// <exception cref="IdentityFileException">There is no such identity, or it does not open; <see cref="IdentityFileException.Fault"/> says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<PrivateId> ReadAsync(
        string path,
        Func<CancellationToken, ValueTask<string?>>? passphrase = null,
        VaultEnvironment? environment = null,
        CancellationToken cancellationToken = default)
    {
        var text = await ReadTextAsync(path, cancellationToken);
        if (text.Opened is { } opened)
            return opened;
        var answer = passphrase is null ? null : await passphrase(cancellationToken);
        if (answer is null)
            throw new IdentityFileException(IdentityFileFault.PassphraseNeeded, $"The identity in {path} is locked: its passphrase is needed.");
        PrivateId? id = null;
        try
        {
            await (environment ?? new VaultEnvironment()).Workers.RunAsync(() => text.Locked!.TryOpen(answer, out id), cancellationToken);
        }
        catch (WireException e)
        {
            throw IdentityText.Damaged(path, e.Message, e);
        }
        return id ?? throw new IdentityFileException(IdentityFileFault.WrongPassphrase, $"This is not the passphrase of the identity in {path}.");
    }

    /// <summary>Reads whose identity a file holds. No passphrase is needed; so, for a locked file, it is only what the file says.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public static async Task<PublicId> ReadPublicAsync(string path, CancellationToken cancellationToken = default)
    {
        using var text = await ReadTextAsync(path, cancellationToken);
        return text.Public;
    }

    /// <summary>Whether an identity file is locked, so that reading it takes a passphrase.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public static async Task<bool> IsLockedAsync(string path, CancellationToken cancellationToken = default)
    {
        using var text = await ReadTextAsync(path, cancellationToken);
        return text.Locked is not null;
    }

    /// <summary>As the public one, with a lock of any allowed strength.</summary>
    internal static async Task WriteAsync(
        string path, PrivateId id, string? passphrase, IdentityLock work, VaultEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(id);
        if (passphrase is "")
            throw new ArgumentException("An empty passphrase locks nothing; leave it out for an open identity file.", nameof(passphrase));
        // Before half a second of work, although only the creation below decides.
        if (File.Exists(path))
            throw Exists(path);
        char[] text = [];
        if (passphrase is null)
            text = IdentityText.Format(id);
        else
            await environment.Workers.RunAsync(() => text = IdentityText.Format(LockedIdentity.Lock(id, passphrase, work, environment.Random)), cancellationToken);
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        try
        {
            await CreateAsync(path, bytes, cancellationToken);
        }
        finally
        {
            PaddedBase64Url.Wipe(text);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// Creates the file under its own name, exclusively, and writes it at once. There is no temporary file, which a crash would leave behind with the secret in
    /// it; a file that a crash cut off is refused by its reader, for every length of it.
    /// </summary>
    private static async Task CreateAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream file;
        try
        {
            file = new FileStream(path, options);
        }
        catch (IOException e) when (Path.Exists(path))
        {
            throw Exists(path, e);
        }
        try
        {
            await using (file)
            {
                await file.WriteAsync(bytes, cancellationToken);
                file.Flush(flushToDisk: true);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task<IdentityText> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = new byte[MaxLength + 1];
        char[] text = [];
        try
        {
            int length;
            await using (var file = Open(path))
                length = await file.ReadFullyAsync(bytes, cancellationToken);
            if (length > MaxLength)
                throw IdentityText.NotAnIdentity(path);
            text = System.Text.Encoding.UTF8.GetChars(bytes, 0, length);
            return IdentityText.Parse(text, path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            PaddedBase64Url.Wipe(text);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IdentityFileException(IdentityFileFault.Missing, $"There is no identity file {path}.", e);
        }
    }

    private static IdentityFileException Exists(string path, Exception? inner = null) =>
        new(IdentityFileFault.Exists, $"{path} is there already and was left as it is. Choose another name, or move it away first.", inner);
}
