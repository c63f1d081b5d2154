using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>
/// Puts entries into a vault. Small files are read here and go in batches, each of them one commit; a large one goes by itself, in pieces. Several are under way
/// at a time, and the memory is bounded, however many and however large they are.
/// </summary>
internal sealed class Upload(Vault vault, PublicId? recipient, WriteMode mode, TransferLog log, TransferProgress progress) : IDisposable
{
    private const int BatchFiles = 1024;
    private const long BatchBytes = 4L << 20;
    private const long SmallFile = 1L << 20;
    private const int AtATime = 4;
    private const int LargeFilesAtATime = 2;

    private readonly SemaphoreSlim _large = new(LargeFilesAtATime);
    private UploadBatch _batch = new();

    /// <summary>Puts all entries. What cannot be read is told and passed over; an error of the vault or its store ends it all.</summary>
    public Task RunAsync(IEnumerable<LocalEntry> entries, CancellationToken cancellationToken) => TaskLane.RunAsync(
        AtATime,
        async lane =>
        {
            foreach (var entry in entries)
            {
                if (entry.Size > SmallFile)
                    await lane.StartAsync(token => WriteLargeAsync(entry, token));
                else
                    await AddAsync(entry, lane);
                lane.Token.ThrowIfCancellationRequested();
            }
            await SendAsync(lane);
        },
        cancellationToken);

    /// <summary>Puts what a stream gives, of any length.</summary>
    public async Task WriteStreamAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        Done(await vault.WriteAsync(path, FileContent.FromStream(content), new WriteOptions { Recipient = recipient, Mode = mode, Progress = OfFile() }, cancellationToken));
    }

    public void Dispose()
    {
        _batch.Dispose();
        _large.Dispose();
    }

    private async Task AddAsync(LocalEntry entry, TaskLane lane)
    {
        try
        {
            var content = entry.Facts.Kind == EntryKind.File ? _batch.Read(entry.LocalPath) : default;
            _batch.Add(new FileWrite(entry.VaultPath, FileContent.FromBytes(content), OptionsOf(entry)), entry.Facts.Kind, content.Length);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            log.Fail(entry.LocalPath, FileFault.Reason(e, entry.LocalPath));
            return;
        }
        if (_batch.Writes.Count >= BatchFiles || _batch.Bytes >= BatchBytes)
            await SendAsync(lane);
    }

    private async Task SendAsync(TaskLane lane)
    {
        if (_batch.Writes.Count == 0)
            return;
        var batch = _batch;
        _batch = new UploadBatch();
        await lane.StartAsync(async token =>
        {
            using (batch)
                await vault.WriteManyAsync(batch.Writes, token);
            progress.Advance(batch.Bytes);
            foreach (var (kind, length) in batch.Counts)
                log.Add(kind, length);
        });
    }

    private async Task WriteLargeAsync(LocalEntry entry, CancellationToken cancellationToken)
    {
        await _large.WaitAsync(cancellationToken);
        try
        {
            var options = OptionsOf(entry) with { Progress = OfFile() };
            Done(await vault.WriteAsync(entry.VaultPath, FileContent.FromFile(entry.LocalPath), options, cancellationToken));
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            log.Fail(entry.LocalPath, FileFault.Reason(e, entry.LocalPath));
        }
        finally
        {
            _large.Release();
        }
    }

    /// <summary>A write tells how far its sending is, which is not what an asynchronous one is waited for.</summary>
    private IProgress<long>? OfFile() => mode == WriteMode.Sync ? progress.OfFile() : null;

    private void Done(FileVersion version)
    {
        log.Add(EntryKind.File, version.Size);
        if (mode != WriteMode.Sync)
            progress.Advance(version.Size);
    }

    private WriteOptions OptionsOf(LocalEntry entry) => new()
    {
        Recipient = recipient,
        Mode = mode,
        Attributes = entry.Facts.Format(),
        Modified = entry.Facts.ModifiedUtc is { } modified ? new DateTimeOffset(modified, TimeSpan.Zero) : null,
    };
}
