namespace Coffer.TestServers;

/// <summary>What goes wrong with one connection through a <see cref="FaultProxy"/>. Sent is what the client sends, received what it gets; both in bytes.</summary>
public sealed record ConnectionFault
{
    /// <summary>Reset when the client has sent as much; 0 = at once. Null: never.</summary>
    public long? ResetAfterSent { get; init; }

    /// <summary>Reset when the client has received as much. Null: never.</summary>
    public long? ResetAfterReceived { get; init; }

    /// <summary>From then on nothing more comes through to the client, and the connection stays open until the client closes it. Null: never.</summary>
    public long? StallAfterReceived { get; init; }

    /// <summary>From then on nothing more comes through to the server, and the connection stays open until the client closes it. Null: never.</summary>
    public long? StallAfterSent { get; init; }

    /// <summary>How many bytes a second pass in each direction. Null: as many as can.</summary>
    public int? BytesPerSecond { get; init; }
}
