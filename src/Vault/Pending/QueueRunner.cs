using System.Runtime.ExceptionServices;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Files;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>
/// Sends what is in the queue, in the one process that holds the queue's lock: several entries at a time, in order where they are of one path. It runs while there is something to send, now or at a moment that is known, and holds
/// the lock only while something is on its way, so any process of the device can be the next.
/// </summary>
internal sealed class QueueRunner(VaultDevice device, PendingSender sender, Spool spool)
{
    private const string LockName = "queue";
    private const int MostAtATime = 256;

    /// <summary>So many bytes of contents are on their way at a time, and one entry however large it is.</summary>
    private const long MostBytesAtATime = 64L << 20;

    /// <summary>How often it is looked whether the process that sends has ended.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>A moment that is far away is waited for in steps, because clocks are set.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    /// <summary>When it closes, what is on its way may stand still for so long.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Sending> _sending = [];
    private readonly Dictionary<UInt128, IProgress<long>> _progress = [];
    private readonly SendBackOff _backOff = new(device.Environment);
    private LocalLock? _held;
    private Task _run = Task.CompletedTask;
    private Exception? _fault;
    private bool _running;
    private bool _closing;
    private long _moved;

    private PendingTable Table => device.Pending;

    /// <summary>Told when anything changes.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>Whether this process sends now, and the last attempt did not fail: then the queue gets shorter.</summary>
    public bool Moves
    {
        get
        {
            lock (_lock)
                return _running && _backOff.Failures == 0;
        }
    }

    /// <summary>Whether another process of this device was sending when this one wanted to.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Whether nothing is on its way from this process.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _sending.Count == 0;
        }
    }

    /// <summary>Sends what there is, from now on and until nothing is left, unless that is so already.</summary>
    public void Start()
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            if (_closing || _running)
                return;
            _running = true;
            ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = ended.Task;
        }
        _ = RunAsync(ended);
    }

    /// <summary>Tries again at once what waits because an attempt failed.</summary>
    public void Hurry()
    {
        lock (_lock)
            _backOff.Reset();
        IsElsewhere = false;
        Wake();
    }

    /// <summary>Looks at what is new in the queue.</summary>
    public void Wake()
    {
        // In this order: who is about to end notices the change.
        Changed.Give();
        Start();
    }

    /// <summary>Notes who is told how far writes are that are about to be accepted.</summary>
    public void Listen(IReadOnlyList<AcceptedWrite> writes)
    {
        lock (_lock)
        {
            foreach (var write in writes)
            {
                if (write.Progress is { } progress)
                    _progress.Add(write.Plan.Id, progress);
            }
        }
    }

    /// <summary>Nobody is told of these records any more.</summary>
    public void Forget(IEnumerable<UInt128> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
                _progress.Remove(record);
        }
    }

    /// <summary>Throws what the queue itself stopped at, once.</summary>
    public void ThrowIfFaulted()
    {
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Ends an attempt that is under way in this process.</summary>
    public void Stop(long id)
    {
        lock (_lock)
        {
            if (_sending.TryGetValue(id, out var sending))
                sending.Stop.Cancel();
        }
    }

    /// <summary>Sends on what is due while that goes well, and then ends.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
            _closing = true;
        Changed.Give();
        var moved = Interlocked.Read(ref _moved);
        var since = Moment.Now(device.Time);
        while (true)
        {
            var beat = Changed.Beat;
            if (_run.IsCompleted)
                return;
            await Changed.WaitAsync(beat, Stall, device.Time, CancellationToken.None);
            if (Interlocked.Read(ref _moved) is var now && now != moved)
                (moved, since) = (now, Moment.Now(device.Time));
            else if (since.Elapsed(device.Time) >= Stall)
                StopAll();
        }
    }

    private void StopAll()
    {
        lock (_lock)
        {
            foreach (var sending in _sending.Values)
                sending.Stop.Cancel();
        }
    }

    private async Task RunAsync(TaskCompletionSource ended)
    {
        // The caller goes on.
        await Task.Yield();
        try
        {
            while (await StepAsync())
            {
            }
        }
        catch (Exception fault)
        {
            _fault = fault;
            lock (_lock)
                _running = false;
        }
        ended.SetResult();
        Changed.Give();
    }

    /// <summary>Starts what can be started, and waits until there is something to do again. False when nothing is left.</summary>
    private async Task<bool> StepAsync()
    {
        var beat = Changed.Beat;
        var (rest, failed) = Rest();
        var now = device.Now;
        var due = Table.AnyDue(now);
        if (due && rest == TimeSpan.Zero && !(failed && _closing))
        {
            _held ??= LocalLock.TryTake(device.Paths, LockName);
            IsElsewhere = _held is null;
            if (_held is not null)
                StartDue(now, failed);
            else if (!_closing)
                rest = Poll;
        }
        if (IsIdle)
        {
            _held?.Dispose();
            _held = null;
            if (_closing)
                return End(always: true, beat);
            if (!due && Table.NextScheduled(now) is null)
                return End(always: false, beat);
        }
        if (!await Changed.WaitAsync(beat, Sleep(rest, now), device.Time, CancellationToken.None) && rest > TimeSpan.Zero)
            Rested();
        return true;
    }

    private (TimeSpan Left, bool Failed) Rest()
    {
        lock (_lock)
            return (_backOff.Left, _backOff.Failures > 0);
    }

    private void Rested()
    {
        lock (_lock)
            _backOff.Rested();
    }

    private TimeSpan Sleep(TimeSpan rest, long now)
    {
        if (rest > TimeSpan.Zero)
            return rest;
        return Table.NextScheduled(now) is { } next && next - now is var left && left < LongestSleep.TotalMilliseconds ? TimeSpan.FromMilliseconds(left) : LongestSleep;
    }

    private bool End(bool always, long beat)
    {
        lock (_lock)
        {
            if (!always && Changed.Beat != beat)
                return true;
            return _running = false;
        }
    }

    /// <param name="now">Local time in milliseconds.</param>
    /// <param name="carefully">Only one at a time, because the last attempt failed.</param>
    private void StartDue(long now, bool carefully)
    {
        lock (_lock)
        {
            var most = carefully ? 1 : MostAtATime;
            var bytes = _sending.Values.Sum(static sending => sending.Size);
            // Started many at a time, they share commits.
            if (_sending.Count > most / 2)
                return;
            foreach (var entry in Table.Due(now, MostAtATime))
            {
                if (_sending.ContainsKey(entry.Id))
                    continue;
                if (_sending.Count >= most || (_sending.Count > 0 && bytes + entry.Size > MostBytesAtATime))
                    return;
                bytes += entry.Size;
                var sending = new Sending(entry.Size, new CancellationTokenSource());
                _sending.Add(entry.Id, sending);
                _ = SendAsync(entry.Id, sending);
            }
        }
    }

    private async Task SendAsync(long id, Sending sending)
    {
        // The lock that is held while it is started is left first.
        await Task.Yield();
        try
        {
            await TrySendAsync(id, sending.Stop.Token);
        }
        catch (Exception fault)
        {
            // The local files cannot be written, so that not even the failure can be kept.
            _fault = fault;
            Failed();
        }
        lock (_lock)
        {
            _sending.Remove(id);
            sending.Stop.Dispose();
        }
        Interlocked.Increment(ref _moved);
        Changed.Give();
    }

    private async Task TrySendAsync(long id, CancellationToken cancellationToken)
    {
        if (Table.Get(id) is not { } call)
            return;
        try
        {
            await sender.SendAsync(id, call, ProgressOf, cancellationToken);
            lock (_lock)
                _backOff.Succeeded();
        }
        catch (Exception fault)
        {
            if (cancellationToken.IsCancellationRequested || !Table.IsOpen(id))
                return;
            var refusal = SendFaults.RefusalOf(fault, Table.Attempts(id));
            Table.Failed(id, fault.Message, refusal);
            if (refusal is null)
                Failed();
        }
        finally
        {
            if (!Table.IsOpen(id))
                Forget(call.Files.Select(static file => file.Plan.Id));
            if (call.Spool is not null)
                spool.Release(call.Spool);
        }
    }

    private void Failed()
    {
        lock (_lock)
            _backOff.Failed();
    }

    private Told ProgressOf(UInt128 record)
    {
        lock (_lock)
            return new Told(this, _progress.GetValueOrDefault(record));
    }

    private sealed record Sending(long Size, CancellationTokenSource Stop);

    /// <summary>Passes progress on, and notes that something moves.</summary>
    private sealed class Told(QueueRunner runner, IProgress<long>? to) : IProgress<long>
    {
        public void Report(long value)
        {
            Interlocked.Increment(ref runner._moved);
            to?.Report(value);
        }
    }
}
