using System.Globalization;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>Keeps the queue within its limits: what is on disk, and what this process is accepting.</summary>
/// <param name="table">The queue.</param>
/// <param name="options">The limits.</param>
internal sealed class QueueRoom(PendingTable table, QueueOptions options)
{
    private readonly Lock _lock = new();
    private long _files;
    private long _bytes;

    /// <summary>Whether this process is accepting something now, which soon is in the queue and on its way, or failed.</summary>
    public bool IsBeingTaken
    {
        get
        {
            lock (_lock)
                return _files > 0;
        }
    }

    /// <summary>Takes room for a call, when there is enough.</summary>
    public bool TryEnter(long files, long bytes)
    {
        lock (_lock)
        {
            var (heldFiles, heldBytes) = table.Totals();
            if (heldFiles + _files + files > options.MaxFiles || heldBytes + _bytes + bytes > options.MaxBytes)
                return false;
            _files += files;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Whether a call could be taken by an empty queue.</summary>
    public bool CanEverEnter(long files, long bytes) => files <= options.MaxFiles && bytes <= options.MaxBytes;

    /// <summary>Gives the room back: the call is in the queue by now, or failed.</summary>
    public void Leave(long files, long bytes)
    {
        lock (_lock)
        {
            _files -= files;
            _bytes -= bytes;
        }
    }

    /// <summary>What the caller is told when there is no room.</summary>
    /// <param name="reason">Why it does not come by itself.</param>
    public QueueFullException Full(string reason)
    {
        var (files, bytes) = table.Totals();
        return new QueueFullException(string.Create(
            CultureInfo.InvariantCulture,
            $"The queue of this device has {files} files with {bytes} bytes, and room for {options.MaxFiles} files with {options.MaxBytes} bytes, so this write was not accepted: {reason}. Send or cancel what is in the queue, write synchronously, or allow more (QueueOptions)."));
    }
}
