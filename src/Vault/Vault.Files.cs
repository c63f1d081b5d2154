using System.Runtime.CompilerServices;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults;

/// <content>Files.</content>
public sealed partial class Vault
{
    /// <summary>
    /// Writes a file: a new version when there is one already. When the task ends, the version is on the store, durable, and visible to every member; with another <see cref="WriteOptions.Mode"/> it has been accepted, and is safe on this machine's disk.
    /// </summary>
    /// <param name="path">The path, as <see cref="VaultPath"/> says.</param>
    /// <param name="content">The content.</param>
    /// <param name="options">Attributes, times, and how to wait.</param>
    /// <param name="cancellationToken">Cancels the write; after the moment at which its commit is sent, it may happen all the same.</param>
    /// <exception cref="AccessDeniedException">I may not write.</exception>
    /// <exception cref="VaultQuotaException">It would go beyond the quota.</exception>
    /// <exception cref="RecipientCannotReadException">It is to be sealed to somebody who cannot read the vault.</exception>
    /// <exception cref="QueueFullException">It is asynchronous or scheduled, and the queue of this device is full and does not move.</exception>
    /// <exception cref="IOException">It is asynchronous or scheduled, and its content could not be kept on this machine's disk.</exception>
    public async Task<FileVersion> WriteAsync(string path, FileContent content, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        VaultPath.Check(path);
        RequireIdentity();
        await CallerContext.Leave();
        var write = new FileWrite(path, content, options);
        if (ModeOf([write]) is { Mode: not WriteMode.Sync } later)
            return (await AcceptAsync([write], later, cancellationToken))[0];
        await _queue.LetPassAsync([path], cancellationToken);
        return await _writer.WriteAsync(write, cancellationToken);
    }

    /// <summary>Writes several files in one commit: they become visible together, or none of them does. Gives the versions in the order of the writes.</summary>
    /// <exception cref="VaultException">They do not fit into one commit: its head has room for some 100,000 files.</exception>
    public async Task<IReadOnlyList<FileVersion>> WriteManyAsync(IReadOnlyList<FileWrite> writes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writes);
        RequireIdentity();
        await CallerContext.Leave();
        if (writes.Count == 0)
            return [];
        if (ModeOf(writes) is { Mode: not WriteMode.Sync } later)
            return await AcceptAsync(writes, later, cancellationToken);
        await _queue.LetPassAsync([.. writes.Select(static write => write.Path)], cancellationToken);
        return await _writer.WriteManyAsync(writes, cancellationToken);
    }

    /// <summary>Deletes a file: hides it, and keeps its versions, which can still be read by their ids.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="seal">Which sealed file of the path, one that I sealed; null for the plain one.</param>
    /// <param name="cancellationToken">Cancels it; after the moment at which its commit is sent, it may happen all the same.</param>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    /// <exception cref="AccessDeniedException">I may not write, or somebody else sealed it.</exception>
    public Task DeleteAsync(string path, FileSeal? seal = null, CancellationToken cancellationToken = default) => DeleteManyAsync([path], seal, cancellationToken);

    /// <summary>Deletes several files in one commit: all plain, or all under one seal.</summary>
    /// <exception cref="FileNotFoundInVaultException">One of them is not there; then none is deleted.</exception>
    /// <exception cref="AccessDeniedException">I may not write, or somebody else sealed them.</exception>
    public async Task DeleteManyAsync(IReadOnlyList<string> paths, FileSeal? seal = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        RequireIdentity();
        await CallerContext.Leave();
        await _queue.LetPassAsync(paths, cancellationToken);
        await RefreshAsync(cancellationToken);
        foreach (var path in paths)
            _library.Locate(path, versionId: null, seal);
        await _writer.DeleteAsync(paths, seal, cancellationToken);
    }

    /// <summary>Sets the attributes of a file: a new version with the same content.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="attributes">The application's own bytes, up to 64 KiB.</param>
    /// <param name="seal">Which sealed file of the path, one that I sealed; null for the plain one.</param>
    /// <param name="cancellationToken">Cancels it; after the moment at which its commit is sent, it may happen all the same.</param>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    /// <exception cref="AccessDeniedException">I may not write, or somebody else sealed it.</exception>
    public async Task<FileVersion> SetAttributesAsync(string path, ReadOnlyMemory<byte> attributes, FileSeal? seal = null, CancellationToken cancellationToken = default)
    {
        RequireIdentity();
        await CallerContext.Leave();
        await _queue.LetPassAsync([path], cancellationToken);
        await RefreshAsync(cancellationToken);
        var (row, body) = _library.Locate(path, versionId: null, seal);
        return await _writer.SetAttributesAsync(row, body, attributes, cancellationToken);
    }

    /// <summary>The newest version of a file; null when there is none, or it was deleted, or its time has ended.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="seal">Which sealed file of the path; null for the plain one.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<FileVersion?> StatAsync(string path, FileSeal? seal = null, CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        return _library.Stat(path, seal);
    }

    /// <summary>Lists a folder, in the order of the bytes of the paths; of one path first the plain file, then the sealed ones that I can read, by sender and recipient.</summary>
    /// <param name="folder">The folder's path, with a trailing <c>/</c> or without; empty for the root.</param>
    /// <param name="options">How deep, where to begin, how many, and since when.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<FolderEntry> ListAsync(
        string folder = "", ListFilesOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new ListFilesOptions();
        var prefix = PrefixOf(folder);
        await RefreshAsync(cancellationToken);
        var after = options.After;
        var left = options.Limit ?? int.MaxValue;
        while (left > 0 && _library.Page(prefix, options.Recursive || options.Since is not null, after) is { Count: > 0 } page)
        {
            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (options.Since is { } since && !_library.IsSince(entry.File!, since))
                    continue;
                yield return entry;
                if (--left == 0)
                    yield break;
            }
            after = page[^1].Position;
        }
    }

    /// <summary>All versions of a file, oldest first, deletes included. Empty when nothing was ever written there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="seal">Which sealed file of the path; null for the plain one.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<FileVersion>> GetVersionsAsync(string path, FileSeal? seal = null, CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        return _library.Versions(path, seal);
    }

    /// <summary>Opens a file, or an old version of it, or a part, for reading.</summary>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    /// <exception cref="BodyDamagedException">While it is read: the store has other bytes than were written. What was given out before is right.</exception>
    /// <exception cref="BodyMissingException">The store does not have its content.</exception>
    public async Task<FileReader> OpenReadAsync(string path, ReadFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        var (row, body) = _library.Locate(path, options?.VersionId, options?.Seal);
        return _library.Open(FileVersion.Of(row, isExpired: false), body, options?.Range);
    }

    /// <summary>Reads a file, or a part of it, into memory.</summary>
    /// <exception cref="FileNotFoundInVaultException">There is none.</exception>
    public async Task<byte[]> ReadBytesAsync(string path, ReadFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using var reader = await OpenReadAsync(path, options, cancellationToken);
        var bytes = new byte[reader.Content.Length];
        await reader.Content.ReadFullyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>
    /// Reads a file into a local one, with its time. The local file appears whole, in place of one that was there, or not at all. Gives the version that was read.
    /// </summary>
    /// <exception cref="FileNotFoundInVaultException">There is none in the vault.</exception>
    public async Task<FileVersion> ReadToFileAsync(string path, string destination, ReadFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(destination);
        if (options?.Range is not null)
            throw new ArgumentException("A file is read as a whole; for a part use OpenReadAsync.", nameof(options));
        await RefreshAsync(cancellationToken);
        var (row, body) = _library.Locate(path, options?.VersionId, options?.Seal);
        await using var reader = _library.Open(FileVersion.Of(row, isExpired: false), body);
        await reader.WriteToFileAsync(destination, new WriteToFileOptions { Progress = options?.Progress }, cancellationToken);
        return reader.Version;
    }

    /// <summary>
    /// Reads all files below a folder, with as few requests as they can be had: contents that lie together on the store, as those of a batch do, are read together, several such places at a time, and are
    /// verified and opened on all cores. The memory is bounded, however many and however large they are.
    /// </summary>
    /// <param name="folder">The folder's path, with a trailing <c>/</c> or without; empty for the root.</param>
    /// <param name="take">
    /// Takes one file. It is called for several at a time, in about the order in which their contents lie on the store, and the reader is its own until its task ends. What is wrong with a content is thrown
    /// when that is read, as by <see cref="OpenReadAsync"/>, so one that is damaged stops no other, unless <paramref name="take"/> lets the error through.
    /// </param>
    /// <param name="choose">Which files to read, told in the order of the listing before their contents are asked for; null for all, those that are sealed to one member included.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task ReadFolderAsync(
        string folder, Func<FileReader, CancellationToken, ValueTask> take, Func<FileVersion, bool>? choose = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(take);
        var prefix = PrefixOf(folder);
        await RefreshAsync(cancellationToken);
        await _library.ReadAllAsync(prefix, take, choose ?? (static _ => true), cancellationToken);
    }

    private static string PrefixOf(string folder) => folder.Length == 0 ? "" : VaultPath.Check(folder.EndsWith('/') ? folder[..^1] : folder) + "/";
}
