using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>
/// Brings files of a vault into a folder, several at a time. Each is there when it is whole and verified, and not before. What cannot be written is told and passed over; an error of the store ends it all.
/// </summary>
internal sealed class Download(Vault vault, RestoreRoot root, TransferLog log, TransferProgress progress) : IDisposable
{
    private const int LargeFilesAtATime = 2;
    private const long LargeFile = 4L << 20;

    private readonly SemaphoreSlim _large = new(LargeFilesAtATime);
    private readonly List<(string Relative, FileVersion Version, EntryFacts Facts)> _links = [];
    private readonly List<(string Relative, EntryFacts Facts)> _folders = [];

    /// <summary>Brings all files of a folder, each to its path below the root.</summary>
    public async Task RunAsync(VaultSource source, CancellationToken cancellationToken)
    {
        await source.ReadAsync(IsFile, WriteFileAsync, cancellationToken);
        // Links come after all files, so that none of these can go through one of them; and permissions last, as they may forbid what came before.
        foreach (var (relative, version, facts) in _links)
            Try(version.Path, () => MakeLink(root.Place(relative), facts));
        foreach (var (relative, _) in _folders)
            Try(relative, () => MakeFolder(relative));
        foreach (var (relative, facts) in Enumerable.Reverse(_folders))
            Try(relative, () => SetMode(root.Place(relative), facts));
    }

    /// <summary>Brings one file to a path that is no matter of the root's: the person named it.</summary>
    public async Task RunOneAsync(string path, FileVersion version, CancellationToken cancellationToken)
    {
        var facts = EntryFacts.Parse(version.Attributes.Span);
        RefuseFolder(path);
        if (facts.Kind != EntryKind.File)
        {
            MakeLink(path, facts);
            return;
        }
        await using var reader = await vault.OpenReadAsync(version.Path, new ReadFileOptions { VersionId = version.Id, Seal = version.Seal }, cancellationToken);
        await WriteToAsync(path, reader, facts, cancellationToken);
    }

    public void Dispose() => _large.Dispose();

    /// <summary>Whether it has a content that is to be read. What has none is kept for the end.</summary>
    private bool IsFile(string relative, FileVersion version)
    {
        var facts = EntryFacts.Parse(version.Attributes.Span);
        if (facts.Kind == EntryKind.Link)
            _links.Add((relative, version, facts));
        else if (facts.Kind == EntryKind.Folder)
            _folders.Add((relative, facts));
        return facts.Kind == EntryKind.File;
    }

    private async ValueTask WriteFileAsync(string relative, FileReader reader, CancellationToken cancellationToken)
    {
        var version = reader.Version;
        try
        {
            await WriteGatedAsync(root.Place(relative), reader, EntryFacts.Parse(version.Attributes.Span), cancellationToken);
        }
        catch (Exception e) when (FileFault.Is(e) || e is ToolException or VaultException or StoreException { Kind: StoreErrorKind.NotFound })
        {
            log.Fail(version.Path, ErrorText.Of(e));
        }
    }

    /// <summary>Large files are read in pieces, several at a time, so few of them keep all cores busy; more would only take memory.</summary>
    private async Task WriteGatedAsync(string path, FileReader reader, EntryFacts facts, CancellationToken cancellationToken)
    {
        if (reader.Version.Size <= LargeFile)
        {
            await WriteToAsync(path, reader, facts, cancellationToken);
            return;
        }
        RefuseFolder(path);
        await _large.WaitAsync(cancellationToken);
        try
        {
            await WriteToAsync(path, reader, facts, cancellationToken);
        }
        finally
        {
            _large.Release();
        }
    }

    private async Task WriteToAsync(string path, FileReader reader, EntryFacts facts, CancellationToken cancellationToken)
    {
        var options = new WriteToFileOptions
        {
            Modified = facts.ModifiedUtc is { } modified ? new DateTimeOffset(modified, TimeSpan.Zero) : null,
            Mode = facts.Mode & EntryFacts.KeptMode,
            Progress = progress.OfFile(),
        };
        try
        {
            await reader.WriteToFileAsync(path, options, cancellationToken);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // Looked at only now: nearly never is there one, and to look costs as much as to write a small file.
            RefuseFolder(path);
            throw;
        }
        log.Add(EntryKind.File, reader.Version.Size);
    }

    private void MakeLink(string path, EntryFacts facts)
    {
        var there = new FileInfo(path);
        if (there.Exists || there.LinkTarget is not null)
            File.Delete(path);
        File.CreateSymbolicLink(path, facts.Target!);
        log.Add(EntryKind.Link, 0);
    }

    private void MakeFolder(string relative)
    {
        root.EnsureFolder(root.Place(relative));
        log.Add(EntryKind.Folder, 0);
    }

    private static void RefuseFolder(string path)
    {
        if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
            throw new ToolException($"{path} is a folder. Move it away first, or give another name.");
    }

    private static void SetMode(string path, EntryFacts facts)
    {
        if (facts.Mode is { } mode && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode & EntryFacts.KeptMode);
    }

    private void Try(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (FileFault.Is(e) || e is ToolException)
        {
            log.Fail(path, ErrorText.Of(e));
        }
    }
}
