using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Coffer.Hosting.Tests;

public sealed class HousekeepingTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-housekeeping-").FullName;
    private readonly PrivateId _owner = PrivateId.Create();
    private readonly ManualTime _time = new();
    private readonly LogLines _log = new();
    private readonly Shared _store;

    public HousekeepingTests() => _store = new Shared(new MemoryStore("shared", _time));

    private string Identity => Path.Combine(_folder, "owner.id");

    [Fact]
    public async Task It_runs_by_itself_and_says_what_it_did()
    {
        await CreateVaultAsync(commits: 8);
        await using var host = new DisposableHost(Build(("Vaults:team:Housekeeping:Interval", "02:00:00")));
        _time.Advance(48 * Hour);
        await host.Inner.StartAsync();

        await NextRoundAsync();
        var (level, text) = await _log.NextAsync();

        Assert.Equal(LogLevel.Information, level);
        Assert.StartsWith("Housekeeping of the vault 'team' packed 8 commits into 1 packs", text);
        await NextRoundAsync();
        Assert.Contains("deleted 8 commits", (await _log.NextAsync()).Text);
        await NextRoundAsync();
        Assert.Equal((LogLevel.Debug, "Housekeeping of the vault 'team' had nothing to do; it brought 0 blocks and 0 commits."), await _log.NextAsync());
    }

    [Fact]
    public async Task The_interval_is_a_setting_and_differs_by_a_quarter_so_that_hosts_do_not_run_at_once()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build(("Vaults:team:Housekeeping:Interval", "04:00:00")));
        await host.Inner.StartAsync();
        Assert.InRange(await NextWaitAsync(), TimeSpan.Zero, Hour);

        var waits = new HashSet<TimeSpan>();
        for (var round = 0; round < 8; round++)
        {
            await NextRoundAsync();
            await _log.NextAsync();
            var wait = await NextWaitAsync();
            Assert.InRange(wait, 3 * Hour, 5 * Hour);
            waits.Add(wait);
        }

        Assert.True(waits.Count > 1);
    }

    [Fact]
    public async Task A_failure_is_told_and_tried_again_less_and_less_often_until_it_works_again()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build());
        await host.Inner.StartAsync();
        await NextWaitAsync();
        _store.Fault = new StoreException(StoreErrorKind.Unavailable, "nobody is there");
        TimeSpan[] factors = [2 * Hour, 4 * Hour, 8 * Hour, 16 * Hour, 24 * Hour, 24 * Hour];
        for (var i = 0; i < factors.Length; i++)
        {
            await NextRoundAsync();
            var (level, text) = await _log.NextAsync();
            Assert.Equal(LogLevel.Warning, level);
            Assert.StartsWith($"Housekeeping of the vault 'team' failed ({i + 1} in a row)", text);
            Assert.Contains("nobody is there", text);
            Assert.InRange(await NextWaitAsync(), factors[i] * 0.75, factors[i] * 1.25);
        }

        _store.Fault = null;
        await NextRoundAsync();
        Assert.Equal(LogLevel.Debug, (await _log.NextAsync()).Level);
        Assert.InRange(await NextWaitAsync(), Hour * 0.75, Hour * 1.25);
        Assert.False(host.Inner.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task What_nobody_thought_of_does_not_end_the_host()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build());
        await host.Inner.StartAsync();
        await NextWaitAsync();
        _store.Fault = new InvalidOperationException("a mistake in a program");

        await NextRoundAsync();

        Assert.Equal(LogLevel.Warning, (await _log.NextAsync()).Level);
        Assert.False(host.Inner.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_round_ends_when_the_host_stops()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build());
        await host.Inner.StartAsync();
        await NextWaitAsync();
        _store.Stalls = true;
        await NextRoundAsync();
        await _store.Stalled;

        await host.Inner.StopAsync();

        Assert.True(_store.WasCancelled);
        Assert.True(_log.IsEmpty);
    }

    [Fact]
    public async Task Without_an_identity_a_vault_is_only_brought_up_to_date()
    {
        await CreateVaultAsync(commits: 8, realm: "public");
        await using var host = new DisposableHost(Build(("Vaults:team:Realm", "public"), ("Vaults:team:Identity", null)));
        _time.Advance(48 * Hour);
        await host.Inner.StartAsync();
        await NextWaitAsync();
        var before = _store.Changes;

        await NextRoundAsync();

        Assert.Contains("nothing to do", (await _log.NextAsync()).Text);
        Assert.Equal((LogLevel.Debug, "Housekeeping of the vault 'team' deleted nothing: this identity may not write."), await _log.NextAsync());
        Assert.Equal(before, _store.Changes);
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Build(("Vaults:team:Housekeeping:Enabled", "false")));
        await host.Inner.StartAsync();

        await host.Inner.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single().ExecuteTask!;

        Assert.Equal(0, _time.PendingTimers);
    }

    [Theory]
    [InlineData("Interval", "often", "Coffer:Vaults:team:Housekeeping:Interval: this is a time such as")]
    [InlineData("Interval", "00:00:59", "Coffer:Vaults:team:Housekeeping:Interval: this is a time from 00:01:00 to 7.00:00:00, not '00:00:59'.")]
    [InlineData("Interval", "8.00:00:00", "Coffer:Vaults:team:Housekeeping:Interval")]
    [InlineData("Enabled", "perhaps", "Coffer:Vaults:team:Housekeeping:Enabled")]
    [InlineData("Every", "01:00:00", "Coffer:Vaults:team:Housekeeping:Every")]
    [InlineData(null, "false", "Coffer:Vaults:team:Housekeeping: this is a section with Enabled and Interval")]
    public async Task A_wrong_setting_stops_the_host_and_is_named(string? name, string value, string said)
    {
        await using var host = new DisposableHost(Build(("Vaults:team:Housekeeping" + (name is null ? "" : ":" + name), value)));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync());

        Assert.Contains(said, fault.Message);
    }

    private IHost Build(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Coffer:Stores:shared:Url"] = "shared://x",
            ["Coffer:Stores:shared:Retry"] = "false",
            ["Coffer:Stores:shared:Timeout"] = "false",
            ["Coffer:Vaults:team:Store"] = "shared",
            ["Coffer:Vaults:team:Creator"] = _owner.Public.ToString(),
            ["Coffer:Vaults:team:Identity"] = "file:" + Identity,
            ["Coffer:Vaults:team:Index"] = Path.Combine(_folder, "index", "team.db"),
        };
        foreach (var (name, value) in changes)
            settings["Coffer:" + name] = value;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null));
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_log);
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).Add(_store);
        return builder.Build();
    }

    private async Task CreateVaultAsync(int commits = 0, string realm = "users")
    {
        await IdentityFile.WriteAsync(Identity, _owner);
        var options = new VaultCreateOptions { IndexPath = Path.Combine(_folder, "first", "team.db"), Realm = realm, Environment = new VaultEnvironment { Time = _time } };
        await using var vault = await Vault.CreateAsync(_store.Memory, _owner, options);
        for (var i = 0; i < commits; i++)
            await vault.WriteAsync($"{i}", FileContent.FromBytes("x"u8.ToArray()));
    }

    /// <summary>How long until the next round, once the host waits for it.</summary>
    private async Task<TimeSpan> NextWaitAsync()
    {
        while (_time.PendingTimers == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        return _time.UntilNextTimer!.Value;
    }

    /// <summary>Lets time go on to the next round.</summary>
    private async Task NextRoundAsync()
    {
        await NextWaitAsync();
        _time.AdvanceToNextTimer();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _log.Dispose();
        await _store.Memory.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A provider of one store, which fails or stalls when it is told to.</summary>
    private sealed class Shared(MemoryStore memory) : IStoreProvider
    {
        private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MemoryStore Memory => memory;

        public Exception? Fault { get; set; }

        public bool Stalls { get; set; }

        public bool WasCancelled { get; private set; }

        public int Changes { get; private set; }

        /// <summary>Ends when a listing stalls.</summary>
        public Task Stalled => _stalled.Task;

        public IReadOnlyList<string> Schemes { get; } = ["shared"];

        public IStore Open(StoreUrl url, StoreContext context) => new Store(this);

        private sealed class Store(Shared shared) : DelegatingStore(shared.Memory)
        {
            public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
            {
                await BeginAsync(cancellationToken);
                return await base.StatAsync(key, cancellationToken);
            }

            public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
            {
                await BeginAsync(cancellationToken);
                shared.Changes++;
                return await base.PutAsync(key, body, options, cancellationToken);
            }

            public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
            {
                await BeginAsync(cancellationToken);
                shared.Changes++;
                await base.DeleteManyAsync(keys, cancellationToken);
            }

            private async Task BeginAsync(CancellationToken cancellationToken)
            {
                if (shared.Fault is { } fault)
                    throw fault;
                if (!shared.Stalls)
                    return;
                shared._stalled.TrySetResult();
                using var registration = cancellationToken.Register(() => shared.WasCancelled = true);
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }
    }
}
