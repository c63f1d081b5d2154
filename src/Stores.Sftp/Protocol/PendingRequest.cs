namespace Coffer.Stores.Sftp;

/// <summary>An answer. The bytes are those behind the id; of DATA they are the content, in the buffer that was given with the request.</summary>
internal readonly record struct Reply(PacketType Type, ReadOnlyMemory<byte> Body);

/// <summary>A request whose answer has not come.</summary>
/// <param name="destination">Where the content of a DATA goes: the reader never waits for somebody who would take it.</param>
internal sealed class PendingRequest(Memory<byte> destination) : TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Memory<byte> Destination => destination;
}
