namespace Coffer.Stores.S3.Tests;

/// <summary>A Ceph of one test class's own, whose gateway may be killed.</summary>
public sealed class PrivateGateway : IAsyncLifetime
{
    private PrivateServer? _server;

    /// <summary>The server.</summary>
    public PrivateServer Server => _server ?? throw new InvalidOperationException("It was not started.");

    public async ValueTask InitializeAsync() => _server = await PrivateServer.StartAsync("s3");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>A place on it that nobody else has, with small parts.</summary>
    public S3StoreOptions FreshOptions() =>
        S3StoreOptions.From(StoreUrl.Parse(TestServer.Below(Server.Variables["COFFER_TEST_S3_URL"], TestServer.FreshName())), new StoreContext()) with
        {
            AccessKeyId = Server.Variables["AWS_ACCESS_KEY_ID"],
            SecretAccessKey = Server.Variables["AWS_SECRET_ACCESS_KEY"],
            PartSize = 5 << 20,
            ParallelParts = 2,
        };
}
