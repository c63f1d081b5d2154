namespace Coffer.Cli.Output;

/// <summary>Standard input as bytes. A read that waits for a person or a pipe cannot be broken off by the framework; this one is left behind when cancelled.</summary>
internal sealed class StandardInput : ReadOnlyStream
{
    private readonly Stream _console = Console.OpenStandardInput();
    private byte[] _own = [];

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Into a buffer of our own: a read that was left behind must not write into memory that the caller has given to somebody else since.
        if (_own.Length < buffer.Length)
            _own = new byte[Math.Min(buffer.Length, 1 << 16)];
        var own = _own;
        var wanted = Math.Min(buffer.Length, own.Length);
        var count = await Task.Run(() => _console.Read(own, 0, wanted), CancellationToken.None).WaitAsync(cancellationToken);
        own.AsSpan(0, count).CopyTo(buffer.Span);
        return count;
    }

    public override int Read(Span<byte> buffer) => _console.Read(buffer);
}
