using Coffer.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Coffer.Hosting.Tests;

public sealed class StoreServiceTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private static HostApplicationBuilder Builder(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Coffer:" + s.Name, (string?)s.Value)));
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal().AddMemory();
        return builder;
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(params (string Name, string Value)[] settings)
    {
        await using var host = new DisposableHost(Builder(settings).Build());
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync());
        return [.. e.Failures];
    }

    [Fact]
    public async Task A_store_is_a_keyed_singleton_named_by_a_url_or_by_a_section()
    {
        await using var host = new DisposableHost(Builder(("Stores:plain", "mem://one"), ("Stores:full:Url", "mem://two"), ("Stores:full:Prefix", "x/y/")).Build());
        await host.Inner.StartAsync();

        var plain = host.Inner.Services.GetRequiredKeyedService<IStore>("plain");
        var full = host.Inner.Services.GetRequiredKeyedService<IStore>("full");
        await plain.PutTextAsync(Key, "1");
        await full.PutTextAsync(Key, "2");

        Assert.Same(plain, host.Inner.Services.GetRequiredKeyedService<IStore>("plain"));
        Assert.Equal("1", await plain.ReadTextAsync(Key));
        Assert.NotNull(full.Find<PrefixStore>());
        Assert.Equal("2", await full.Find<MemoryStore>()!.ReadTextAsync(StoreKey.Parse("x/y/a")));
        Assert.Null(host.Inner.Services.GetKeyedService<IStore>("other"));
    }

    [Fact]
    public async Task A_store_on_local_disk_is_opened_with_its_settings()
    {
        var folder = Directory.CreateTempSubdirectory("coffer-hosting-");
        try
        {
            await using var host = new DisposableHost(Builder(("Stores:disk:Url", $"file://{folder.FullName}"), ("Stores:disk:Fsync", "false")).Build());
            var store = host.Inner.Services.GetRequiredKeyedService<IStore>("disk");

            await store.PutTextAsync(Key, "kept");

            Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "a")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Two_names_of_one_store_in_memory_share_its_contents()
    {
        await using var host = new DisposableHost(Builder(("Stores:a", "mem://same"), ("Stores:b", "mem://same")).Build());

        await host.Inner.Services.GetRequiredKeyedService<IStore>("a").PutTextAsync(Key, "shared");

        Assert.Equal("shared", await host.Inner.Services.GetRequiredKeyedService<IStore>("b").ReadTextAsync(Key));
    }

    [Fact]
    public async Task The_layers_are_set_by_the_configuration()
    {
        await using var host = new DisposableHost(Builder(
            ("Stores:bare:Url", "mem://x"),
            ("Stores:bare:Retry", "false"),
            ("Stores:bare:Timeout", "false"),
            ("Stores:bare:ConcurrencyLimit", "false"),
            ("Stores:bare:Telemetry", "false"),
            ("Stores:set:Url", "mem://x"),
            ("Stores:set:Retry:MaxRetries", "2"),
            ("Stores:set:Retry:Delay", "00:00:00.1"),
            ("Stores:set:Retry:MaxDelay", "00:00:10"),
            ("Stores:set:Retry:MaxRetryAfter", "00:01:00"),
            ("Stores:set:Timeout:Answer", "00:00:20"),
            ("Stores:set:Timeout:Idle", "00:00:10"),
            ("Stores:set:ConcurrencyLimit:Reads", "4"),
            ("Stores:set:ConcurrencyLimit:Writes", "2")).Build());

        Assert.IsType<ArgumentCheckStore>(host.Inner.Services.GetRequiredKeyedService<IStore>("bare"));
        Assert.IsType<RetryStore>(host.Inner.Services.GetRequiredKeyedService<IStore>("set"));
    }

    [Fact]
    public async Task A_host_does_not_start_with_wrong_settings_and_names_all_of_them()
    {
        var faults = await FaultsAsync(("Stores:a:Url", "no url"), ("Stores:b", "gopher://x"), ("Stores:c", "mem://fine"), ("Stores:d:Fsync", "true"));

        Assert.Equal(3, faults.Count);
        Assert.StartsWith("Coffer:Stores:a:Url: A store is named by a URL such as", faults[0]);
        Assert.StartsWith("Coffer:Stores:b: No store provider for the scheme 'gopher'", faults[1]);
        Assert.StartsWith("Coffer:Stores:d:Url: this is missing.", faults[2]);
    }

    [Theory]
    [InlineData("Retry:MaxRetries", "0", "MaxRetries must be from 1 to 100")]
    [InlineData("Retry:MaxRetries", "many", "a whole number, not 'many'")]
    [InlineData("Retry:Tries", "3", "no such setting")]
    [InlineData("Retry", "maybe", "true or false, not 'maybe'")]
    [InlineData("Timeout:Idle", "2.00:00:00", "Idle must be from")]
    [InlineData("Timeout:Idle", "30", "a time such as 00:00:30, not '30'")]
    [InlineData("Timeout:Read", "00:00:30", "no such setting")]
    [InlineData("ConcurrencyLimit:Writes", "-1", "a whole number")]
    [InlineData("ConcurrencyLimit:Deletes", "1", "no such setting")]
    [InlineData("Telemetry", "loud", "true or false, not 'loud'")]
    [InlineData("Prefix", "a//b", "empty segment")]
    [InlineData("Nested:Setting", "x", "one value")]
    public async Task A_wrong_value_is_refused_under_the_name_of_its_setting(string name, string value, string expected)
    {
        var fault = Assert.Single(await FaultsAsync(("Stores:team:Url", "mem://x"), ($"Stores:team:{name}", value)));

        Assert.StartsWith($"Coffer:Stores:team:{name.Replace(":Setting", "", StringComparison.Ordinal)}: ", fault);
        Assert.Contains(expected, fault);
    }

    [Fact]
    public async Task A_setting_that_the_provider_does_not_know_is_refused_without_its_value()
    {
        var fault = Assert.Single(await FaultsAsync(("Stores:team:Url", "mem://x"), ("Stores:team:Password", "hunter2")));

        Assert.StartsWith("Coffer:Stores:team: ", fault);
        Assert.Contains("'Password'", fault);
        Assert.DoesNotContain("hunter2", fault);
    }

    [Fact]
    public async Task Without_a_host_a_wrong_setting_is_met_when_the_store_is_asked_for()
    {
        var builder = Builder(("Stores:team", "no url"));
        await using var services = builder.Services.BuildServiceProvider();

        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<IStore>("team"));

        Assert.StartsWith("Coffer:Stores:team: ", e.Message);
    }

    [Fact]
    public async Task A_provider_of_ones_own_is_added_beside_the_others()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Coffer:Stores:team", (string?)"own://x")]);
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).Add(new OwnProvider());
        await using var host = new DisposableHost(builder.Build());
        await host.Inner.StartAsync();

        Assert.Equal("mem://own", host.Inner.Services.GetRequiredKeyedService<IStore>("team").Name);
        Assert.Equal(["own"], host.Inner.Services.GetRequiredService<StoreRegistry>().Schemes);
    }

    private sealed class OwnProvider : IStoreProvider
    {
        public IReadOnlyList<string> Schemes { get; } = ["own"];

        public IStore Open(StoreUrl url, StoreContext context) => new MemoryStore("own", context.Time);
    }
}
