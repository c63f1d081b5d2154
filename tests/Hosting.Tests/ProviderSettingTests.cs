using System.Collections.Concurrent;
using System.Text;
using Coffer.Stores;
using Coffer.Stores.Azure;
using Coffer.Stores.S3;
using Coffer.Stores.Sftp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Coffer.Hosting.Tests;

/// <summary>The settings of the providers of servers, as they stand in a configuration. No server is needed.</summary>
public sealed class ProviderSettingTests
{
    // What an account key of Azure looks like, too: base64.
    private const string Secret = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjI=";

    private static HostApplicationBuilder Builder(string json, params (string Name, string Value)[] over)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        builder.Configuration.AddInMemoryCollection(over.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal().AddS3().AddSftp().AddAzure();
        return builder;
    }

    private static string One(string store) => $$"""{ "Coffer": { "Stores": { "team": {{store}} } } }""";

    [Theory]
    [InlineData("\"s3://team-bucket/vaults?region=eu-central-1\"", "s3://team-bucket/vaults?region=eu-central-1")]
    [InlineData("""{ "Url": "s3://team-bucket/vaults", "Region": "eu-central-1", "PartSize": "16777216" }""", "s3://team-bucket/vaults?region=eu-central-1")]
    [InlineData("""{ "Url": "azblob://account/container/vaults", "Create": true, "AccountKey": "aHVudGVyMg==" }""", "azblob://account/container/vaults")]
    [InlineData("""{ "Url": "sftp://backup@nas/vaults", "IdentityFile": "~/.ssh/id_ed25519" }""", "sftp://backup@nas/vaults")]
    public async Task A_store_is_a_url_or_an_object_with_the_options_of_its_provider(string json, string name)
    {
        await using var host = new DisposableHost(Builder(One(json)).Build());
        await host.Inner.StartAsync();

        Assert.Equal(name, host.Inner.Services.GetRequiredKeyedService<IStore>("team").Name);
    }

    [Theory]
    [InlineData("s3://bucket?regoin=x", null, "regoin", "It knows: ")]
    [InlineData("s3://bucket", "PartSize", "PartSize", "partSize")]
    [InlineData("s3://bucket?pathStyle=perhaps", null, "pathStyle", "true or false")]
    [InlineData("s3://", null, "bucket", "s3://bucket/prefix")]
    [InlineData("azblob://account/container", "Containr", "Containr", "It knows: ")]
    [InlineData("azblob://account/container?blockSize=huge", null, "blockSize", "whole number")]
    [InlineData("azblob://account", null, "container", "azblob://account/container")]
    [InlineData("sftp://me@nas/vaults", "IdentityFil", "IdentityFil", "It knows: ")]
    [InlineData("sftp://me@nas/vaults?connections=many", null, "connections", "whole number")]
    public async Task A_wrong_option_stops_the_host_and_is_named(string url, string? setting, string named, string said)
    {
        var json = setting is null ? $"\"{url}\"" : $$"""{ "Url": "{{url}}", "{{setting}}": "nonsense" }""";
        await using var host = new DisposableHost(Builder(One(json)).Build());

        var fault = Assert.Single((await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync())).Failures);

        Assert.StartsWith("Coffer:Stores:team: ", fault);
        Assert.Contains(named, fault, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(said, fault);
    }

    [Theory]
    [InlineData("s3://bucket?accessKeyId=x&secretAccessKey=" + Secret)]
    [InlineData("azblob://account/container?accountKey=" + Secret)]
    [InlineData("sftp://me@nas/vaults?password=" + Secret)]
    public async Task A_secret_in_a_url_is_refused_and_not_repeated(string url)
    {
        await using var host = new DisposableHost(Builder(One($"\"{url}\"")).Build());

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Inner.StartAsync());

        Assert.Contains("is a secret", fault.Message);
        Assert.DoesNotContain(Secret, fault.ToString());
    }

    [Theory]
    [InlineData("s3://bucket?region=us-east-1&endpoint=http://127.0.0.1:1", "AccessKeyId=key", "SecretAccessKey=" + Secret, "SessionToken=" + Secret)]
    [InlineData("azblob://account/container?endpoint=http://127.0.0.1:1/account", "AccountKey=" + Secret)]
    [InlineData("azblob://account/container?endpoint=http://127.0.0.1:1/account", "Sas=sv=2024-11-04&sig=" + Secret)]
    [InlineData("sftp://me@127.0.0.1:1/vaults", "Password=" + Secret, "Passphrase=" + Secret)]
    public async Task No_secret_shows_in_a_log_an_error_or_a_name(string url, params string[] settings)
    {
        // The URL from a file, the secrets from user secrets or the environment: one store.
        var over = settings.Select(setting => ($"Coffer:Stores:team:{setting[..setting.IndexOf('=')]}", setting[(setting.IndexOf('=') + 1)..])).Append(("Coffer:Stores:team:Retry", "false"));
        var builder = Builder(One($"\"{url}\""), [.. over]);
        using var log = new LogLines();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddHealthChecks().AddCoffer();
        await using var host = new DisposableHost(builder.Build());
        await host.Inner.StartAsync();
        var store = host.Inner.Services.GetRequiredKeyedService<IStore>("team");

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(StoreKey.Parse("a")));
        var report = await host.Inner.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>().CheckHealthAsync();

        Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
        Assert.Contains("127.0.0.1", report.Entries["coffer"].Description);
        Assert.All([e.ToString(), store.Name, store.ToString(), report.Entries["coffer"].Description, .. log.Lines], text => Assert.DoesNotContain(Secret, text));
    }

    public static TheoryData<object> Options =>
    [
        new S3StoreOptions { Bucket = "bucket", AccessKeyId = "key", SecretAccessKey = Secret, SessionToken = Secret },
        new AzureStoreOptions { Account = "account", Container = "container", AccountKey = Secret },
        new AzureStoreOptions { Account = "account", Container = "container", Sas = "sig=" + Secret },
        new SftpStoreOptions { Host = "nas", Root = "/vaults", Password = Secret, Passphrase = Secret },
        new StoreContext { Settings = new Dictionary<string, string> { ["password"] = Secret } },
        new StoreOpenOptions { Context = new StoreContext { Settings = new Dictionary<string, string> { ["password"] = Secret } } },
    ];

    [Theory]
    [MemberData(nameof(Options), DisableDiscoveryEnumeration = true)]
    public void Options_that_are_shown_show_no_secret(object options) => Assert.DoesNotContain(Secret, options.ToString());

    [Theory]
    [InlineData("file:///srv/team?fsync=false", "file:///srv/team")]
    [InlineData("s3://bucket/prefix?region=eu-west-1&create=true&profile=me&proxy=http://p:1", "s3://bucket/prefix?region=eu-west-1")]
    [InlineData("s3://bucket?Endpoint=http://nas:9000&pathStyle=true&partSize=6000000&connections=3&anonymous=true", "s3://bucket?Endpoint=http://nas:9000&pathStyle=true")]
    [InlineData("sftp://me@nas:2222/~/a%20b?identityFile=/home/me/key&knownHosts=/x&hostKey=SHA256:abc%2Bd&connections=1&sshOptions=Compression=yes&fsync=false", "sftp://me@nas:2222/~/a%20b?hostKey=SHA256:abc%2Bd")]
    [InlineData("azblob://account/container/p?endpoint=http://127.0.0.1:1/account&create=true&blockSize=1048576&parallelBlocks=2", "azblob://account/container/p?endpoint=http://127.0.0.1:1/account")]
    public void The_URL_for_somebody_else_has_the_options_that_name_the_place_and_no_others(string url, string expected) =>
        Assert.Equal(expected, new StoreRegistry().AddLocal().AddS3().AddSftp().AddAzure().PlaceOf(StoreUrl.Parse(url)).ToString());

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
