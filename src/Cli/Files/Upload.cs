using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>
/// Puts entries into a vault. Small files are read here and go in batches, each of them one commit; a large one goes by itself, in pieces. Several are under way
/// at a time, and the memory is bounded, however many and however large they are.
/// </summary>
internal sealed class Upload(Vault vault, TransferLog log, TransferProgress progress) : IDisposable
{
    private const int BatchFiles = 256;
    private const long BatchBytes = 8L << 20;
    private const long SmallFile = 1L << 20;
    private const int AtATime = 4;
    private const int LargeFilesAtATime = 2;

    private readonly SemaphoreSlim _large = new(LargeFilesAtATime);
    private List<(FileWrite Write, EntryKind Kind, int Length)> _batch = [];
    private long _batchBytes;

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
            }
            await SendAsync(lane);
        },
        cancellationToken);

    /// <summary>Puts what a stream gives, of any length.</summary>
    public async Task WriteStreamAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var version = await vault.WriteAsync(path, FileContent.FromStream(content), new WriteOptions { Progress = progress.OfFile() }, cancellationToken);
        log.Add(EntryKind.File, version.Size);
    }

    public void Dispose() => _large.Dispose();

    private async Task AddAsync(LocalEntry entry, TaskLane lane)
    {
        byte[] content = [];
        if (entry.Size > 0)
        {
            try
            {
                content = await File.ReadAllBytesAsync(entry.LocalPath, lane.Token);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.Fail(entry.LocalPath, e.Message);
                return;
            }
        }
        _batch.Add((new FileWrite(entry.VaultPath, FileContent.FromBytes(content), OptionsOf(entry)), entry.Facts.Kind, content.Length));
        _batchBytes += content.Length;
        if (_batch.Count >= BatchFiles || _batchBytes >= BatchBytes)
            await SendAsync(lane);
    }

    private async Task SendAsync(TaskLane lane)
    {
        if (_batch.Count == 0)
            return;
        var batch = _batch;
        var bytes = _batchBytes;
        (_batch, _batchBytes) = ([], 0);
        await lane.StartAsync(async token =>
        {
            await vault.WriteManyAsync([.. batch.Select(entry => entry.Write)], token);
            progress.Advance(bytes);
            foreach (var (_, kind, length) in batch)
                log.Add(kind, length);
        });
    }

    private async Task WriteLargeAsync(LocalEntry entry, CancellationToken cancellationToken)
    {
        await _large.WaitAsync(cancellationToken);
        try
        {
            var options = OptionsOf(entry) with { Progress = progress.OfFile() };
            var version = await vault.WriteAsync(entry.VaultPath, FileContent.FromFile(entry.LocalPath), options, cancellationToken);
            log.Add(EntryKind.File, version.Size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Fail(entry.LocalPath, e.Message);
        }
        finally
        {
            _large.Release();
        }
    }

    private static WriteOptions OptionsOf(LocalEntry entry) => new()
    {
        Attributes = entry.Facts.Format(),
        Modified = entry.Facts.ModifiedUtc is { } modified ? new DateTimeOffset(modified, TimeSpan.Zero) : null,
    };
}
