using System.Threading.Channels;

namespace Coffer.Stores.Sftp;

/// <summary>
/// Writes packets in the order in which they were added, small ones together. It has no bound of its own: what waits here is bounded by the window of each transfer.
/// </summary>
internal sealed class OutgoingQueue
{
    private const int TogetherBytes = 32 << 10;

    private readonly Channel<ReadOnlyMemory<byte>> _packets = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Stream _stream;
    private readonly Action _onProgress;
    private readonly Action _onFailure;
    private readonly Task _writing;

    /// <param name="stream">Where they go.</param>
    /// <param name="onProgress">Called when some were written.</param>
    /// <param name="onFailure">Called when they cannot be written any more.</param>
    public OutgoingQueue(Stream stream, Action onProgress, Action onFailure)
    {
        (_stream, _onProgress, _onFailure) = (stream, onProgress, onFailure);
        _writing = WriteLoopAsync();
    }

    public void Add(ReadOnlyMemory<byte> packet) => _packets.Writer.TryWrite(packet);

    public void Complete() => _packets.Writer.TryComplete();

    /// <summary>Waits a while until everything is written. Nothing more can be added.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        Complete();
        await Task.WhenAny(_writing, Task.Delay(most));
    }

    private async Task WriteLoopAsync()
    {
        var together = new byte[TogetherBytes];
        try
        {
            while (await _packets.Reader.WaitToReadAsync())
            {
                var filled = 0;
                while (_packets.Reader.TryRead(out var packet))
                {
                    if (filled + packet.Length > together.Length)
                    {
                        await WriteAsync(together.AsMemory(0, filled));
                        filled = 0;
                    }
                    if (packet.Length > together.Length / 2)
                    {
                        await WriteAsync(together.AsMemory(0, filled));
                        filled = 0;
                        await WriteAsync(packet);
                        continue;
                    }
                    packet.CopyTo(together.AsMemory(filled));
                    filled += packet.Length;
                }
                await WriteAsync(together.AsMemory(0, filled));
                await _stream.FlushAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader of the answers sees the end too, and it finds out why.
            _onFailure();
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        await _stream.WriteAsync(bytes);
        _onProgress();
    }
}
