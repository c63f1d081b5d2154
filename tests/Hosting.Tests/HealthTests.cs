using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Coffer.Hosting.Tests;

public sealed class HealthTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-health-").FullName;
    private readonly PrivateId _owner = PrivateId.Create();

    private string StoreUrl => $"file://{_folder}/store?fsync=false";

    private IHost Build(IStoreProvider? provider = null, params (string Name, string Value)[] more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(more.Select(setting => KeyValuePair.Create("Coffer:" + setting.Name, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Coffer:Stores:team", provider is null ? StoreUrl : (string?)"down://x")]);
        var coffer = builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal();
        if (provider is not null)
            coffer.Add(provider);
        builder.Services.AddLogging().AddHealthChecks().AddCoffer(tags: ["ready"]);
        return builder.Build();
    }

    private (string Name, string Value)[] VaultSettings =>
    [
        ("Vaults:team:Store", "team"), ("Vaults:team:Creator", _owner.Public.ToString()),
        ("Vaults:team:Identity", "file:" + Identity), ("Vaults:team:Index", Path.Combine(_folder, "index", "team.db")),
    ];

    private string Identity => Path.Combine(_folder, "owner.id");

    private async Task CreateVaultAsync()
    {
        await IdentityFile.WriteAsync(Identity, _owner);
        await using var store = new StoreRegistry().AddLocal().Open(StoreUrl);
        await (await Vault.CreateAsync(store, _owner, new VaultCreateOptions { IndexPath = Path.Combine(_folder, "first", "team.db") })).DisposeAsync();
    }

    private static Task<HealthReport> ReportAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    [Fact]
    public async Task A_store_that_answers_is_healthy()
    {
        await using var host = new DisposableHost(Build());

        var report = await ReportAsync(host.Inner);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["ready"], report.Entries["coffer"].Tags);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_named()
    {
        await using var host = new DisposableHost(Build(new Down()));

        var report = await ReportAsync(host.Inner);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal("The store 'team' does not answer: nobody is there", report.Entries["coffer"].Description);
    }

    [Fact]
    public async Task A_vault_tells_when_it_last_synced_and_is_unhealthy_until_it_is_open()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build(null, VaultSettings));

        var early = await ReportAsync(host.Inner);
        await host.Inner.StartAsync();
        var open = await ReportAsync(host.Inner);

        Assert.Equal((HealthStatus.Unhealthy, "The vault 'team' is not open."), (early.Status, early.Entries["coffer"].Description));
        Assert.Equal(HealthStatus.Healthy, open.Status);
        Assert.Equal(0, open.Entries["coffer"].Data["vault:team:findings"]);
        Assert.True(DateTimeOffset.UtcNow - DateTimeOffset.Parse((string)open.Entries["coffer"].Data["vault:team:lastSync"], null) < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_finding_degrades_a_vault_that_works()
    {
        await CreateVaultAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "store", "users", "ledger", "0000000000002"), "junk");
        await using var host = new DisposableHost(Build(null, VaultSettings));
        await host.Inner.StartAsync();

        var report = await ReportAsync(host.Inner);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("'team' has 1 finding", report.Entries["coffer"].Description);
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private sealed class Down : IStoreProvider
    {
        public IReadOnlyList<string> Schemes { get; } = ["down"];

        public IStore Open(StoreUrl url, StoreContext context) => new DownStore(new MemoryStore("down", context.Time));
    }

    private sealed class DownStore(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) =>
            throw new StoreException(StoreErrorKind.PermissionDenied, "nobody is there");
    }
}
