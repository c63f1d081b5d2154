using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Files;
using Coffer.Vaults.Index;
using Coffer.Vaults.State;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Pending;

/// <summary>Brings a call safely onto this machine's disk: small contents into the rows of the state, larger ones into a spool file before. Calls that come at the same time share a transaction.</summary>
/// <param name="device">The device.</param>
/// <param name="spool">Where larger contents go.</param>
/// <param name="room">The limits.</param>
/// <param name="seal">Seals what rests here.</param>
/// <param name="pool">The memory for pieces.</param>
internal sealed class QueueAcceptor(VaultDevice device, Spool spool, QueueRoom room, LocalSeal seal, PiecePool pool)
{
    /// <summary>The largest content that stands in a row.</summary>
    public const int MaxInRow = 64 << 10;

    /// <summary>How much of one call is held in memory for its rows.</summary>
    private const int MaxInRows = 4 << 20;

    /// <summary>SQLITE_FULL.</summary>
    private const int DiskFull = 13;

    private readonly BodyWriter _bodies = new(device.Environment.Random, device.Environment.Workers, pool);
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _running;

    /// <summary>Accepts a call for which there is room. Gives the sizes of its files.</summary>
    /// <exception cref="IOException">The disk is full, or cannot be written.</exception>
    public async Task<IReadOnlyList<long>> AcceptAsync(IReadOnlyList<AcceptedWrite> writes, long notBefore, CancellationToken cancellationToken)
    {
        var files = new PendingTable.PendingFile[writes.Count];
        var announced = writes.Sum(static write => write.Content.Length ?? 0);
        // What was announced was let in already; sealed it is a little longer.
        var free = announced + (announced / 16) + (writes.Count * 4096L);
        var reserved = 0L;
        SpoolFile? file = null;
        try
        {
            var inRows = 0;
            for (var i = 0; i < files.Length; i++)
            {
                files[i] = await TakeAsync(writes[i], () => file ??= spool.Create(Reserve), mayStandInRow: inRows < MaxInRows, cancellationToken);
                inRows += files[i].Content?.Length ?? 0;
            }
            if (file is not null)
                await file.FlushAsync(cancellationToken);
            await AddAsync(new PendingTable.PendingCall(device.Now, notBefore, file?.Name, files));
            file?.Keep();
            return [.. files.Select(static taken => taken.Size)];
        }
        catch (IOException fault)
        {
            throw new IOException($"'{writes[0].Plan.Path}' was not accepted, because its content could not be kept beside '{device.Paths.State}': {fault.Message}", fault) { HResult = fault.HResult };
        }
        finally
        {
            file?.Dispose();
            room.Leave(0, Interlocked.Read(ref reserved));
        }

        void Reserve(long bytes)
        {
            if (Interlocked.Add(ref free, -bytes) >= 0)
                return;
            if (!room.TryEnter(0, bytes))
                throw room.Full("its length was not known before, and it is too long for what is free");
            Interlocked.Add(ref reserved, bytes);
        }
    }

    private async Task<PendingTable.PendingFile> TakeAsync(AcceptedWrite write, Func<SpoolFile> file, bool mayStandInRow, CancellationToken cancellationToken)
    {
        var (stream, owned) = write.Content.Open();
        using (owned)
        {
            var known = write.Content.Length;
            if (mayStandInRow && known is null or <= MaxInRow)
            {
                var start = await ContentStart.ReadAsync(stream, known, MaxInRow, cancellationToken);
                if (start.Length <= MaxInRow)
                    return new PendingTable.PendingFile(write.Plan, start.Length, start.Length == 0 ? null : seal.Seal(start), null);
                stream = new ConcatenatedStream(start, stream);
            }
            var body = await _bodies.WriteAsync(stream, known, file(), progress: null, cancellationToken);
            return new PendingTable.PendingFile(write.Plan, body.Length, null, body.Length == 0 ? null : seal.Seal(BodyColumn.Write(body)));
        }
    }

    private async Task AddAsync(PendingTable.PendingCall call)
    {
        var waiting = new Waiting(call);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (!_running)
            {
                _running = true;
                _ = RunAsync();
            }
        }
        await waiting.Done.Task;
    }

    private async Task RunAsync()
    {
        // Those who called at the same time come in now, and share the flush of the disk.
        await Task.Yield();
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                device.Database.Write(() => group.ForEach(waiting => device.Pending.Add(waiting.Call)));
                foreach (var waiting in group)
                    waiting.Done.SetResult();
            }
            catch (Exception fault)
            {
                var told = fault is VaultException { InnerException: SqliteException { SqliteErrorCode: DiskFull } } ? new IOException("The disk is full.", fault) : fault;
                foreach (var waiting in group)
                    waiting.Done.SetException(told);
            }
        }
    }

    private List<Waiting> TakeGroup()
    {
        lock (_lock)
        {
            var group = new List<Waiting>(_waiting);
            _waiting.Clear();
            _running = group.Count > 0;
            return group;
        }
    }

    private sealed record Waiting(PendingTable.PendingCall Call)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
