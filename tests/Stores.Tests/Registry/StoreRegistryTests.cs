using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class StoreRegistryTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _inner;
    private readonly ScriptedProvider _provider;
    private readonly StoreRegistry _registry;

    public StoreRegistryTests()
    {
        _inner = new ScriptedStore(new MemoryStore("inner", _time));
        _provider = new ScriptedProvider(_inner, "scripted", "other");
        _registry = new StoreRegistry(_provider);
    }

    [Fact]
    public void A_store_is_opened_by_the_provider_of_its_scheme_with_what_was_given()
    {
        var context = new StoreContext { Time = _time, Settings = new Dictionary<string, string> { ["IdentityFile"] = "x" } };

        _registry.Open("SCRIPTED://host/path?a=b", new StoreOpenOptions { Context = context });

        Assert.Equal(("scripted", "host", "/path"), (_provider.Url!.Scheme, _provider.Url.Host, _provider.Url.Path));
        Assert.Same(context, _provider.Context);
    }

    [Theory]
    [InlineData("s3://bucket", "Coffer.Stores.S3")]
    [InlineData("file:///var", "Coffer.Stores.Local")]
    [InlineData("sftp://host", "Coffer.Stores.Sftp")]
    [InlineData("azblob://account/c", "Coffer.Stores.Azure")]
    [InlineData("mem://x", "Coffer.Stores")]
    public void An_unknown_scheme_lists_the_known_ones_and_names_the_package(string url, string package)
    {
        var e = Assert.Throws<StoreException>(() => _registry.Open(url));

        Assert.Equal((StoreErrorKind.Unsupported, StoreOperation.Open, url), (e.Kind, e.Operation!.Value, e.StoreName!));
        Assert.Contains("Registered are: other, scripted.", e.Message);
        Assert.Contains($"Add the package {package} ", e.Message);
    }

    [Fact]
    public void A_scheme_that_nobody_knows_is_clear_too()
    {
        var e = Assert.Throws<StoreException>(() => new StoreRegistry().Open("gopher://x"));

        Assert.Contains("'gopher'", e.Message);
        Assert.Contains("None is registered", e.Message);
        Assert.DoesNotContain("package", e.Message);
    }

    [Fact]
    public void A_text_that_is_no_url_is_a_format_error() => Assert.Throws<FormatException>(() => _registry.Open("/var/coffer"));

    [Fact]
    public void A_scheme_has_one_provider()
    {
        var e = Assert.Throws<ArgumentException>(() => _registry.Add(new ScriptedProvider(_inner, "third", "other")));

        Assert.Contains("'other'", e.Message);
        Assert.Equal(["other", "scripted"], _registry.Schemes);
        Assert.Throws<ArgumentException>(() => _registry.Add(new ScriptedProvider(_inner, "Upper")));
        Assert.Equal(["mem", "other", "scripted"], _registry.Add(new MemoryStoreProvider()).Schemes);
    }

    [Fact]
    public async Task All_layers_are_there_and_work_together()
    {
        await using var store = _registry.Open("scripted://x", new StoreOpenOptions
        {
            Context = new StoreContext { Time = _time },
            Prefix = StoreKey.Parse("below"),
            ConcurrencyLimit = new ConcurrencyLimitOptions { Reads = 1, Writes = 1 },
            Randomness = () => 0.5,
        });
        foreach (var type in new[] { typeof(PrefixStore), typeof(RetryStore), typeof(ConcurrencyLimitStore), typeof(TimeoutStore), typeof(TelemetryStore), typeof(ArgumentCheckStore) })
            Assert.NotNull(store.Find(type));
        // The first attempt hangs until its time-out, the second is refused for its rate, the third is answered.
        _inner.Before = async (_, call, token) =>
        {
            if (call == 1)
                await Task.Delay(Timeout.Infinite, token);
            if (call == 2)
                throw ScriptedStore.Error(StoreErrorKind.RateLimited);
        };

        var task = store.PutTextAsync(Key, "v").AsTask();
        await _time.DriveAsync(task);

        Assert.Equal(Key, (await task).Key);
        Assert.Equal("v", await _inner.ReadTextAsync(StoreKey.Parse("below/a")));
        Assert.Equal(3, store.Find<TelemetryStore>()!.Counters.Put.Requests);
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public async Task Waiting_for_ones_turn_is_no_time_out()
    {
        await using var store = _registry.Open("scripted://x", new StoreOpenOptions
        {
            Context = new StoreContext { Time = _time },
            ConcurrencyLimit = new ConcurrencyLimitOptions { Writes = 1 },
        });
        var go = new TaskCompletionSource<Stream>();
        var slowSource = ObjectBody.FromSource(_ => new(go.Task), 3, canReopen: false);
        var first = store.PutAsync(Key, slowSource).AsTask();
        var second = store.PutTextAsync(StoreKey.Parse("b"), "second", PutOptions.CreateOnly).AsTask();

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["Put a"], _inner.Calls);
        go.SetResult(new MemoryStream(new byte[3]));

        await first;
        await second;
    }

    [Fact]
    public void A_layer_whose_options_are_null_is_left_out()
    {
        var store = _registry.Open("scripted://x", new StoreOpenOptions { ConcurrencyLimit = null, Timeout = null, Retry = null, Telemetry = false });

        Assert.IsType<ArgumentCheckStore>(store);
    }

    [Fact]
    public void Values_out_of_range_are_named_before_anything_is_opened()
    {
        foreach (var (options, name) in new[]
        {
            (new StoreOpenOptions { Retry = new RetryOptions { MaxRetries = 0 } }, "MaxRetries"),
            (new StoreOpenOptions { Timeout = new TimeoutOptions { Idle = TimeSpan.Zero } }, "Idle"),
            (new StoreOpenOptions { ConcurrencyLimit = new ConcurrencyLimitOptions { Writes = 0 } }, "Writes"),
            (new StoreOpenOptions { Prefix = default(StoreKey) }, "Prefix"),
        })
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => _registry.Open("scripted://x", options)).ParamName);
        }
        Assert.Null(_provider.Url);
    }

    [Fact]
    public async Task Disposing_the_outermost_layer_disposes_the_store()
    {
        await _registry.Open("scripted://x", new StoreOpenOptions { Prefix = Key }).DisposeAsync();

        Assert.True(_inner.IsDisposed);
    }
}
