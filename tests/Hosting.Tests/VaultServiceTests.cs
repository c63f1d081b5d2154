using System.Runtime.CompilerServices;
using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Coffer.Hosting.Tests;

public sealed class VaultServiceTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-hosting-").FullName;
    private readonly PrivateId _owner = PrivateId.Create();

    private static readonly (string, string?)[] Keys = [("Stores:disk:AccessKeyId", "key"), ("Stores:disk:SecretAccessKey", "hunter2")];

    private string Identity => Path.Combine(_folder, "owner.id");

    private string Store => Path.Combine(_folder, "store");

    private HostApplicationBuilder Builder(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Coffer:Stores:disk"] = $"file://{Store}?fsync=false",
            ["Coffer:Vaults:team:Store"] = "disk",
            ["Coffer:Vaults:team:Creator"] = _owner.Public.ToString(),
            ["Coffer:Vaults:team:Identity"] = "file:" + Identity,
            ["Coffer:Vaults:team:Index"] = Path.Combine(_folder, "index", "team.db"),
        };
        foreach (var (name, value) in changes)
            settings["Coffer:" + name] = value;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null));
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal().AddS3();
        return builder;
    }

    private async Task CreateVaultAsync(string realm = "users")
    {
        await IdentityFile.WriteAsync(Identity, _owner);
        await using var store = new StoreRegistry(new Coffer.Stores.Local.LocalStoreProvider()).Open($"file://{Store}?fsync=false");
        await using var vault = await Vault.CreateAsync(store, _owner, new VaultCreateOptions { IndexPath = Path.Combine(_folder, "first", "team.db"), Realm = realm });
        await vault.WriteAsync("hello.txt", FileContent.FromBytes("hello"u8.ToArray()));
    }

    [Fact]
    public async Task A_vault_of_the_configuration_is_open_when_the_host_has_started()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Builder().Build());
        await host.Inner.StartAsync();

        var vault = host.Inner.Services.GetRequiredKeyedService<Vault>("team");

        Assert.Equal("hello"u8.ToArray(), await vault.ReadBytesAsync("hello.txt"));
        Assert.Same(vault, host.Inner.Services.GetRequiredKeyedService<Vault>("team"));
    }

    [Fact]
    public async Task The_end_of_a_request_leaves_the_vault_open()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Builder().Build());
        await host.Inner.StartAsync();

        for (var request = 0; request < 3; request++)
        {
            await using var scope = host.Inner.Services.CreateAsyncScope();
            Assert.Equal("hello"u8.ToArray(), await scope.ServiceProvider.GetRequiredKeyedService<Vault>("team").ReadBytesAsync("hello.txt"));
        }
    }

    [Fact]
    public async Task Without_a_host_a_vault_is_opened_by_who_asks_first_and_asking_too_early_says_how()
    {
        await CreateVaultAsync();
        await using var host = new DisposableHost(Builder().Build());

        var early = Assert.Throws<InvalidOperationException>(() => { _ = host.Inner.Services.GetRequiredKeyedService<Vault>("team"); });
        var vault = await host.Inner.Services.GetRequiredKeyedService<HostedVault>("team").OpenAsync();

        Assert.Contains("HostedVault", early.Message);
        Assert.Equal(AccessLevel.Admin, vault.Access);
        Assert.Same(vault, host.Inner.Services.GetRequiredKeyedService<Vault>("team"));
    }

    [Fact]
    public async Task A_public_vault_is_open_for_reading_without_an_identity()
    {
        await CreateVaultAsync("public");
        await using var host = new DisposableHost(Builder(("Vaults:team:Realm", "public"), ("Vaults:team:Identity", null)).Build());
        await host.Inner.StartAsync();

        var vault = host.Inner.Services.GetRequiredKeyedService<Vault>("team");

        Assert.True(vault.IsAnonymous);
        Assert.Equal("hello"u8.ToArray(), await vault.ReadBytesAsync("hello.txt"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => vault.DeleteAsync("hello.txt"));
    }

    [Fact]
    public async Task A_public_vault_is_open_for_writing_with_the_identity_of_a_member()
    {
        await CreateVaultAsync("public");
        await using var host = new DisposableHost(Builder(("Vaults:team:Realm", "public")).Build());
        await host.Inner.StartAsync();

        await host.Inner.Services.GetRequiredKeyedService<Vault>("team").DeleteAsync("hello.txt");
    }

    [Fact]
    public async Task A_passphrase_without_an_identity_is_a_mistake()
    {
        await using var host = new DisposableHost(Builder(("Vaults:team:Realm", "public"), ("Vaults:team:Identity", null), ("Vaults:team:Passphrase", "x")).Build());

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync());

        Assert.Contains("Coffer:Vaults:team:Identity", fault.Message);
    }

    [Theory]
    [InlineData(null, null, null, "Coffer:Vaults:team:", "Coffer:Stores:disk", "Creator, Pin and Realm")]
    [InlineData("Stores:disk", "s3://bucket?endpoint=http://127.0.0.1:1&region=us-east-1", StoreErrorKind.Unavailable, "Coffer:Vaults:team:", "Coffer:Stores:disk", "cannot be reached")]
    [InlineData("Stores:disk", "s3://bucket?endpoint=http://127.0.0.1:1&region=us-east-1&profile=missing", StoreErrorKind.Unauthenticated, "Coffer:Vaults:team:", "Coffer:Stores:disk", "Credentials are settings below")]
    [InlineData("Vaults:team:Identity", "file:/nowhere/alice.id", null, "Coffer:Vaults:team:Identity", "/nowhere/alice.id", "")]
    [InlineData("Vaults:team:Index", "/proc/none/team.db", null, "Coffer:Vaults:team:Index", "/proc/none", "")]
    public async Task What_cannot_be_used_when_the_host_starts_is_told_with_the_names_of_the_settings(string? name, string? value, StoreErrorKind? kind, params string[] said)
    {
        if (name == "Vaults:team:Index")
            await CreateVaultAsync();
        else
            await IdentityFile.WriteAsync(Identity, _owner);
        (string, string?)[] changes = name is null ? [] : name != "Stores:disk" ? [(name, value)]
            : [(name, null), ("Stores:disk:Url", value), ("Stores:disk:Retry", "false"), .. value!.Contains("profile", StringComparison.Ordinal) ? [] : Keys];
        await using var host = new DisposableHost(Builder(changes).Build());

        var fault = await Assert.ThrowsAsync<HostedVaultException>(() => host.Inner.StartAsync());

        Assert.All(said, text => Assert.Contains(text, fault.Message));
        Assert.DoesNotContain("hunter2", fault.ToString());
        Assert.Equal(kind, (fault.InnerException as StoreException)?.Kind);
    }

    [Fact]
    public async Task All_vaults_that_cannot_be_opened_are_told_at_once()
    {
        await IdentityFile.WriteAsync(Identity, _owner);
        await using var host = new DisposableHost(Builder(
            ("Vaults:other:Store", "disk"), ("Vaults:other:Creator", _owner.Public.ToString()), ("Vaults:other:Identity", "file:/nowhere/bob.id"), ("Vaults:other:Index", Path.Combine(_folder, "other.db"))).Build());

        var fault = await Assert.ThrowsAsync<HostedVaultException>(() => host.Inner.StartAsync());

        Assert.Contains("Coffer:Vaults:team:", fault.Message);
        Assert.Contains("Coffer:Vaults:other:Identity", fault.Message);
        Assert.Equal(2, Assert.IsType<AggregateException>(fault.InnerException).InnerExceptions.Count);
    }

    [Fact]
    public async Task A_vault_that_could_not_be_opened_is_opened_by_the_next_who_asks_once_it_can_be()
    {
        await using var host = new DisposableHost(Builder().Build());
        var hosted = host.Inner.Services.GetRequiredKeyedService<HostedVault>("team");
        await Assert.ThrowsAsync<HostedVaultException>(() => hosted.OpenAsync());

        await CreateVaultAsync();

        Assert.Equal(AccessLevel.Admin, (await hosted.OpenAsync()).Access);
    }

    [Theory]
    [InlineData("Vaults:team:Identity", null, "Coffer:Vaults:team:Identity")]
    [InlineData("Vaults:team:Store", null, "Coffer:Vaults:team:Store")]
    [InlineData("Vaults:team:Store", "other", "there is no store 'other'")]
    [InlineData("Vaults:team:Identity", "COFFER-IDENTITY-1 secret", "does not belong into a configuration")]
    [InlineData("Vaults:team:Creator", "nobody", "Coffer:Vaults:team:Creator")]
    [InlineData("Vaults:team:Pin", "coffer-invite-1:AAAA", "Coffer:Vaults:team:Pin")]
    [InlineData("Vaults:team:Indx", "x", "Coffer:Vaults:team:Indx")]
    public async Task A_wrong_setting_stops_the_host_and_is_named(string name, string? value, string said)
    {
        await using var host = new DisposableHost(Builder((name, value)).Build());

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync());

        Assert.Contains(said, fault.Message);
        Assert.DoesNotContain("secret", fault.Message);
    }

    [Fact]
    public async Task A_host_that_is_stopped_while_a_vault_opens_ends_quietly_and_opens_no_further()
    {
        await IdentityFile.WriteAsync(Identity, _owner);
        var server = new SilentServer();
        var builder = Builder(("Stores:disk", "silent://server"), ("Stores:disk:Timeout", null));
        builder.Services.AddSingleton<IStoreProvider>(server);
        var host = builder.Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        // It disposes the host.
        var running = host.RunAsync();
        await server.Asked;

        lifetime.StopApplication();

        await running;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Answer);
    }

    /// <summary>A server that takes requests and answers none of them.</summary>
    private sealed class SilentServer() : DelegatingStore(new MemoryStore("silent")), IStoreProvider
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        /// <summary>How the first request ended.</summary>
        public Task Answer => _answer.Task;

        public IReadOnlyList<string> Schemes => ["silent"];

        public IReadOnlyList<string> PlaceOptions => [];

        public IStore Open(StoreUrl url, StoreContext context) => this;

        public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) => new(HangAsync<ObjectInfo?>(cancellationToken));

        public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) => new(HangAsync<ObjectReader>(cancellationToken));

        public override async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return await HangAsync<ObjectInfo>(cancellationToken);
        }

        private async Task<T> HangAsync<T>(CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _answer.TrySetCanceled(cancellationToken);
                throw;
            }
            throw new InvalidOperationException();
        }
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
