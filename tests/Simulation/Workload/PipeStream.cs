namespace Coffer.Simulation;

/// <summary>A stream as a pipe is: its length is not known, and it is read once.</summary>
internal sealed class PipeStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
}
