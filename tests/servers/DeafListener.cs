using System.Net;
using System.Net.Sockets;

namespace Coffer.TestServers;

/// <summary>An address on loopback that neither takes nor refuses a connection, as a host behind a firewall: its queue of connections is full, and nobody looks at it. As Linux has it.</summary>
public sealed class DeafListener : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    private DeafListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
    }

    /// <summary>Where it is.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Opens one, and fills its queue.</summary>
    public static async Task<DeafListener> OpenAsync()
    {
        var deaf = new DeafListener();
        while (await deaf.FillAsync())
        {
        }
        return deaf;
    }

    /// <summary>Whether there was room for one more.</summary>
    private async Task<bool> FillAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _waiting.Add(socket);
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            await socket.ConnectAsync(Address, late.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var socket in _waiting)
            socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
