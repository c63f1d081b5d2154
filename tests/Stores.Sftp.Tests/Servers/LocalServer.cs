using System.Buffers.Binary;
using System.Diagnostics;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>What becomes of a request on its way to the server.</summary>
public enum Fate
{
    /// <summary>It is done and answered.</summary>
    Done,

    /// <summary>The connection ends before it gets there.</summary>
    Lost,

    /// <summary>It is done, and the connection ends before its answer comes.</summary>
    AnswerLost,

    /// <summary>The server says that it is done, and does nothing.</summary>
    OnlySaidToBeDone,

    /// <summary>The server says "failure" and does nothing.</summary>
    Refused,
}

/// <summary>OpenSSH's SFTP server as a child process, without ssh between, and with a fate for each request.</summary>
internal sealed class LocalServer : IByteTransport
{
    private const string Program = "/usr/lib/openssh/sftp-server";

    private readonly Process _process;
    private readonly Tap _tap;

    /// <param name="fate">Decides over each request, by its type and what follows its id.</param>
    /// <param name="arguments">More arguments of the server.</param>
    public LocalServer(Func<PacketType, byte[], Fate> fate, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        _tap = new Tap(_process, fate);
        Input = new CutStream(_process.StandardOutput.BaseStream, _tap);
    }

    public Stream Input { get; }

    public Stream Output => _tap;

    public string Target => "a server of a test";

    /// <summary>The name of an extension, when the request is one.</summary>
    public static string? ExtensionOf(PacketType type, byte[] body) => type == PacketType.Extended ? new PacketReader(body).Text() : null;

    public ValueTask<SftpConnectionException> ExplainAsync() => ValueTask.FromResult(new SftpConnectionException(StoreErrorKind.Unavailable, "The connection of a test was cut."));

    public void Established()
    {
    }

    public void Abort()
    {
        if (!_process.HasExited)
            _process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    /// <summary>Takes the requests apart that the client writes.</summary>
    private sealed class Tap(Process process, Func<PacketType, byte[], Fate> fate) : Stream
    {
        private readonly List<byte> _unsent = [];
        private readonly List<byte[]> _madeUp = [];
        private bool _isGreeted;

        public bool IsCut { get; private set; }

        public byte[]? TakeMadeUp()
        {
            lock (_madeUp)
            {
                if (_madeUp.Count == 0)
                    return null;
                var answer = _madeUp[0];
                _madeUp.RemoveAt(0);
                return answer;
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _unsent.AddRange(buffer.Span);
            while (_unsent.Count >= 4 && BinaryPrimitives.ReadInt32BigEndian(_unsent.GetRange(0, 4).ToArray()) + 4 is var length && _unsent.Count >= length)
            {
                var packet = _unsent.GetRange(0, length).ToArray();
                _unsent.RemoveRange(0, length);
                await PassAsync(packet);
            }
        }

        private async Task PassAsync(byte[] packet)
        {
            if (IsCut)
                throw new IOException("cut");
            var what = _isGreeted ? fate((PacketType)packet[4], packet[9..]) : Fate.Done;
            _isGreeted = true;
            switch (what)
            {
                case Fate.Lost:
                    IsCut = true;
                    process.Kill();
                    return;
                case Fate.OnlySaidToBeDone or Fate.Refused:
                    var id = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(5));
                    lock (_madeUp)
                        _madeUp.Add(new PacketWriter(PacketType.Status, id).UInt32(what == Fate.Refused ? 4u : 0u).Text(what == Fate.Refused ? "Failure" : "Success").Text("").Finish().ToArray());
                    // The reader waits for the server's next bytes: a harmless request brings some.
                    packet = new PacketWriter(PacketType.LStat, uint.MaxValue).Text("/").Finish().ToArray();
                    break;
                case Fate.AnswerLost:
                    IsCut = true;
                    break;
                default:
                    break;
            }
            await process.StandardInput.BaseStream.WriteAsync(packet);
            await process.StandardInput.BaseStream.FlushAsync();
            if (what == Fate.AnswerLost)
                process.StandardInput.Close();
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>What the server sends: it ends, once the server has, without what came after the cut; made-up answers come in between.</summary>
    private sealed class CutStream(Stream inner, Tap tap) : ReadOnlyStream
    {
        private readonly List<byte> _received = [];
        private byte[] _ready = [];

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_ready.Length == 0)
            {
                var bytes = new byte[64 << 10];
                var count = await inner.ReadAsync(bytes, cancellationToken);
                if (tap.IsCut)
                {
                    while (count > 0)
                        count = await inner.ReadAsync(bytes, cancellationToken);
                }
                if (count == 0)
                    return 0;
                _received.AddRange(bytes.AsSpan(0, count));
                _ready = TakePackets();
            }
            var taken = Math.Min(buffer.Length, _ready.Length);
            _ready.AsMemory(0, taken).CopyTo(buffer);
            _ready = _ready[taken..];
            return taken;
        }

        private byte[] TakePackets()
        {
            var result = new List<byte>();
            while (_received.Count >= 4 && BinaryPrimitives.ReadInt32BigEndian(_received.GetRange(0, 4).ToArray()) + 4 is var length && _received.Count >= length)
            {
                var packet = _received.GetRange(0, length).ToArray();
                _received.RemoveRange(0, length);
                var isForMadeUp = packet[4] != (byte)PacketType.Version && BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(5)) == uint.MaxValue;
                result.AddRange(isForMadeUp ? tap.TakeMadeUp()! : packet);
            }
            return [.. result];
        }

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();
    }
}
