using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A server of a test's own behind a proxy that breaks off, stalls or is slow.</summary>
public abstract class FaultyNetwork : IAsyncLifetime
{
    /// <summary>The size of the object.</summary>
    protected const int Size = 3 << 20;

    private TestSshd _server = null!;

    /// <summary>The object.</summary>
    protected static StoreKey Key { get; } = StoreKey.Parse("folder/object");

    /// <summary>Cancels the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What is between.</summary>
    protected FaultProxy Proxy { get; private set; } = null!;

    /// <summary>The folder of the store on this machine.</summary>
    protected string Root => _server.Root;

    /// <summary>The files of puts that are not done.</summary>
    protected IEnumerable<string> TemporaryFiles => _server.TemporaryFiles;

    /// <summary>Seconds until a request without an answer is given up. Short only where a test waits for it.</summary>
    protected virtual int RequestTimeout => 20;

    /// <summary>The store through the proxy.</summary>
    protected string Url => $"sftp://{_server.Options.User}@127.0.0.1:{Proxy.Port}{_server.Root}?identityFile={_server.UserKey}&knownHosts={_server.KnownHosts}"
        + $"&sshOptions=HostKeyAlias=[127.0.0.1]:{_server.Port}&connections=1&requestTimeout={RequestTimeout}&connectTimeout={Math.Max(2, RequestTimeout)}";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await TestSshd.StartAsync();
        Proxy = new FaultProxy("127.0.0.1", _server.Port);
    }

    /// <summary>The store as applications have it.</summary>
    protected IStore OpenWithLayers() => new StoreRegistry([new SftpStoreProvider()]).Open(Url);

    /// <summary>As a caller does: a content that broke off in the middle is read again from its beginning, since weak versions do not let the layers go on.</summary>
    protected static async Task<byte[]> ReadAsync(IStore store)
    {
        try
        {
            return await store.ReadBytesAsync(Key, cancellationToken: Token);
        }
        catch (StoreException error) when (error.IsTransient && error.Kind == StoreErrorKind.Unavailable)
        {
            return await store.ReadBytesAsync(Key, cancellationToken: Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
