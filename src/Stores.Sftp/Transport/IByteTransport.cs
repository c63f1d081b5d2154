namespace Coffer.Stores.Sftp;

/// <summary>
/// What carries the bytes of the protocol: a pair of streams to a server's SFTP subsystem. The OpenSSH client is one; another SSH library would be another.
/// </summary>
internal interface IByteTransport : IAsyncDisposable
{
    /// <summary>What the server sends.</summary>
    Stream Input { get; }

    /// <summary>What goes to the server. Closing it ends the session.</summary>
    Stream Output { get; }

    /// <summary>Whom it leads to, for messages.</summary>
    string Target { get; }

    /// <summary>Says why <see cref="Input"/> ended: called once it has, before the transport is disposed.</summary>
    ValueTask<SftpConnectionException> ExplainAsync();

    /// <summary>Called when the server's SFTP has answered: what was only needed to get there can go.</summary>
    void Established();

    /// <summary>Ends it at once, so that both streams fail.</summary>
    void Abort();
}
