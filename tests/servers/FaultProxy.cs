using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Coffer.TestServers;

/// <summary>A TCP proxy on loopback in front of a real server, under the test's control: connections that are reset, stall, are slow, or are refused.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, Task> _connections = new();
    private TcpListener _listener;
    private Task _accepting;
    private int _accepted;
    private int _open;

    /// <param name="host">The server's host.</param>
    /// <param name="port">The server's port.</param>
    public FaultProxy(string host, int port)
    {
        _target = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Decides what goes wrong with the next connection, given how many came before it. Null gives a good one.</summary>
    public Func<int, ConnectionFault?> Fault { get; set; } = static _ => null;

    /// <summary>How many connections there were.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Refuses new connections from now on. Those that are open go on.</summary>
    public async Task RefuseAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    /// <summary>Takes connections again.</summary>
    public void Resume()
    {
        _listener = Listen(Port);
        _accepting = AcceptAsync(_listener);
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                return;
            }
            var index = Interlocked.Increment(ref _accepted) - 1;
            _connections[index] = ServeAsync(client, Fault(index) ?? new ConnectionFault(), index);
        }
    }

    private async Task ServeAsync(Socket client, ConnectionFault fault, int index)
    {
        await Task.Yield();
        Interlocked.Increment(ref _open);
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var isReset = true;
        try
        {
            await server.ConnectAsync(_target, _stop.Token);
            isReset = await CarryBothWaysAsync(client, server, fault);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client is reset below, as the server would have done.
        }
        finally
        {
            if (isReset)
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Dispose();
            server.Dispose();
            Interlocked.Decrement(ref _open);
            _connections.TryRemove(index, out _);
        }
    }

    /// <summary>Gives whether the client is to be reset.</summary>
    private async Task<bool> CarryBothWaysAsync(Socket client, Socket server, ConnectionFault fault)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task StallAsync() => LeftByClientAsync(client, end.Token);
        var up = PumpAsync(client, server, fault.ResetAfterSent, fault.StallAfterSent, fault.BytesPerSecond, StallAsync, end.Token);
        var down = PumpAsync(server, client, fault.ResetAfterReceived, fault.StallAfterReceived, fault.BytesPerSecond, StallAsync, end.Token);
        if (await await Task.WhenAny(up, down))
            await end.CancelAsync();
        return await up | await down;
    }

    /// <summary>Carries bytes until the source ends (false), or as many went through as bring a reset, or the other side is gone (true).</summary>
    private static async Task<bool> PumpAsync(
        Socket from, Socket to, long? resetAfter, long? stallAfter, int? bytesPerSecond, Func<Task> stall, CancellationToken cancellationToken)
    {
        try
        {
            return await CarryAsync(from, to, resetAfter, stallAfter, bytesPerSecond, stall, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task<bool> CarryAsync(
        Socket from, Socket to, long? resetAfter, long? stallAfter, int? bytesPerSecond, Func<Task> stall, CancellationToken cancellationToken)
    {
        var buffer = new byte[bytesPerSecond is { } rate ? Math.Clamp(rate / 20, 1, 64 << 10) : 64 << 10];
        var carried = 0L;
        while (true)
        {
            if (carried >= resetAfter)
                return true;
            if (carried >= stallAfter)
            {
                await stall();
                return true;
            }
            var room = Math.Min(buffer.Length, Math.Min(resetAfter ?? long.MaxValue, stallAfter ?? long.MaxValue) - carried);
            var count = await from.ReceiveAsync(buffer.AsMemory(0, (int)room), cancellationToken);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return false;
            }
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
            carried += count;
            if (bytesPerSecond is not null)
                await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>
    /// Waits until the client has closed its end. The system is asked, and not the socket: what the client has sent before it closed would have to be read first, and a
    /// stalled connection does not read.
    /// </summary>
    private static async Task LeftByClientAsync(Socket client, CancellationToken cancellationToken)
    {
        var (here, there) = (((IPEndPoint)client.LocalEndPoint!).Port, ((IPEndPoint)client.RemoteEndPoint!).Port);
        while (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Any(end => end.LocalEndPoint.Port == there && end.RemoteEndPoint.Port == here && end.State == TcpState.Established))
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }
}
