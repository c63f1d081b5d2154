using Coffer.Bench.Stores;
using Coffer.TestServers;

namespace Coffer.Bench;

/// <summary>Where a benchmark has its stores: on local disk, or on a server that runs for its time.</summary>
internal sealed class BenchPlace : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly StoreTarget _target;
    private readonly BenchServers _servers;

    private BenchPlace(TemporaryFolder folder, StoreTarget target, BenchServers servers)
    {
        _folder = folder;
        _target = target;
        _servers = servers;
    }

    /// <summary>What may be named on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [BenchOptions.LocalPlace, "s3"];

    /// <summary>Whether it is a folder of this machine, which every program can write to.</summary>
    public bool IsLocal => _target.Server is null;

    /// <summary>What it is called in the title of a table.</summary>
    public string Title => IsLocal ? "local disk" : _target.Name.ToUpperInvariant();

    /// <summary>Starts the server, if there is one.</summary>
    public static async Task<BenchPlace> OpenAsync(BenchOptions options, TemporaryFolder folder)
    {
        var target = StoreTargets.Named(options.Place);
        return new BenchPlace(folder, target, await BenchServers.StartAsync(folder, target.Server is { } server ? [server] : []));
    }

    /// <summary>The URL of an empty store. The one that was made before for the same name is out of the way.</summary>
    public string StartOver(string name)
    {
        if (!IsLocal)
            return TestServer.Below(_target.Url(_folder), $"{name}-{TestServer.FreshName()}");
        _folder.SetAside(name);
        return new Uri(Directory.CreateDirectory(_folder.At(name)).FullName).AbsoluteUri;
    }

    /// <summary>A store of this place, as rclone names it.</summary>
    public RcloneRemote Rclone(string url) => _target.Rclone(StoreUrl.Parse(url));

    /// <summary>What a program put that does not wait for the disk: a local disk is flushed now, and that counts. A server answers when it has taken what it got, to all alike.</summary>
    public async Task<PutMeasurement> ThenSyncAsync(Measurement program, string url) =>
        IsLocal ? await PutMeasurement.ThenSyncAsync(program, StoreUrl.Parse(url).Path) : new PutMeasurement(program);

    public ValueTask DisposeAsync() => _servers.DisposeAsync();
}
