using Azure.Core;

namespace Coffer.Stores.Azure.Tests;

/// <summary>A URL means what a URL means, and holds no secret.</summary>
public sealed class AzureUrlTests
{
    private const string Key = "c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==";
    private const string Connection = $"DefaultEndpointsProtocol=https;AccountName=account;AccountKey={Key};EndpointSuffix=core.windows.net";

    private static AzureStoreOptions Options(string url, string? variable = null, params (string Name, string Value)[] settings) => AzureStoreOptions.From(StoreUrl.Parse(url), new StoreContext
    {
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.OrdinalIgnoreCase),
    }, variable);

    [Fact]
    public void The_URL_names_account_container_and_prefix()
    {
        var options = Options("azblob://account/con-tainer/some/pre%20fix?create=true&blockSize=4194304&parallelBlocks=2&proxy=http://proxy:3128");
        Assert.Equal("account", options.Account);
        Assert.Equal("con-tainer", options.Container);
        Assert.Equal("some/pre fix", options.Prefix?.Value);
        Assert.True(options.Create);
        Assert.Equal(4 << 20, options.BlockSize);
        Assert.Equal(2, options.ParallelBlocks);
        Assert.Equal("proxy", options.Proxy?.Host);
        Assert.Equal("azblob://account/con-tainer/some/pre%20fix", options.ToString());
        Assert.Null(Options("azblob://account/container/").Prefix);
    }

    [Theory]
    [InlineData("azblob://account", "container")]
    [InlineData("azblob:///container", "account")]
    [InlineData("azblob://Account/container", "3 to 24")]
    [InlineData("azblob://account/Container", "Container")]
    [InlineData("azblob://account/a--b", "a--b")]
    [InlineData("azblob://account/container/a//b", "a//b")]
    [InlineData("azblob://account/container/dot.", "dot")]
    [InlineData("azblob://me@account/container", "user")]
    [InlineData("azblob://account:80/container", "port")]
    [InlineData("azblob://account/container?creat=true", "creat")]
    [InlineData("azblob://account/container?blockSize=5", "blockSize")]
    [InlineData("azblob://account/container?endpoint=nowhere", "endpoint")]
    [InlineData("azblob://account/container?endpoint=https://x/?sig=a", "endpoint")]
    [InlineData("azblob://account/container?accountKey=c2VjcmV0", "accountKey")]
    [InlineData("azblob://account/container?sas=c2VjcmV0", "sas")]
    [InlineData("azblob://account/container?connectionString=c2VjcmV0", "connectionString")]
    public void What_an_Azure_store_does_not_know_is_refused_by_name(string url, string named)
    {
        var error = Assert.Throws<StoreException>(() => Options(url));
        Assert.Equal(StoreErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_gives_the_endpoint_and_the_key()
    {
        foreach (var options in new[] { Options("azblob://account/container", Connection), Options("azblob://account/container", null, ("ConnectionString", Connection)) })
        {
            Assert.Equal(Key, options.AccountKey);
            Assert.Equal(new Uri("https://account.blob.core.windows.net"), options.Endpoint);
            Assert.Equal("azblob://account/container", options.ToString());
        }
        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1", Options("azblob://devstoreaccount1/container", "UseDevelopmentStorage=true").Endpoint?.AbsoluteUri);
        Assert.Equal("sv=1&sig=x", Options("azblob://account/container", "BlobEndpoint=https://account.blob.core.windows.net;SharedAccessSignature=sv=1&sig=x").Sas);
        Assert.Equal("sv=1&sig=x", Options("azblob://account/container", null, ("sas", "?sv=1&sig=x")).Sas);
    }

    [Theory]
    [InlineData("azblob://another/container", Connection)]
    [InlineData("azblob://another/container", "BlobEndpoint=https://account.blob.core.windows.net;SharedAccessSignature=sv=1&sig=x")]
    public void A_connection_string_of_another_account_is_an_error_that_names_both(string url, string variable)
    {
        var error = Assert.Throws<StoreException>(() => Options(url, variable));
        Assert.Contains("'account'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'another'", error.Message, StringComparison.Ordinal);
        Assert.Contains("AZURE_STORAGE_CONNECTION_STRING", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_comes_before_the_environment_and_only_one_credential_is_taken()
    {
        Assert.Equal("a2V5", Options("azblob://another/container", Connection, ("accountKey", "a2V5")).AccountKey);
        Assert.Throws<StoreException>(() => Options("azblob://account/container", null, ("accountKey", Key), ("sas", "sig=x")));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("AccountName=account")]
    [InlineData("AccountName=account;AccountKey=secret;SharedAccessSignature=secret")]
    [InlineData("AccountName=account;AccountKey=not base64 secret")]
    [InlineData("AccountKey=c2VjcmV0")]
    public void A_connection_string_that_is_none_is_refused_and_not_repeated(string text)
    {
        var error = Assert.Throws<StoreException>(() => Options("azblob://account/container", text));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:30000/account", "127.0.0.1")]
    [InlineData("http://127.0.0.1:30000", "account")]
    public void An_endpoint_that_the_SDK_would_misread_is_refused(string endpoint, string named)
    {
        var options = ScriptedService.Options with { Endpoint = new Uri(endpoint) };
        var error = Assert.Throws<StoreException>(() => new AzureStore(options, TimeProvider.System));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_never_sent_unencrypted()
    {
        var options = ScriptedService.Options with { AccountKey = null, Endpoint = new Uri("http://127.0.0.1:30000/account") };
        var error = Assert.Throws<StoreException>(() => new AzureStore(options, TimeProvider.System));
        Assert.Contains("not encrypted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_the_default_chain_is_taken()
    {
        await using var store = new AzureStoreProvider().Open(StoreUrl.Parse("azblob://account/container"), new StoreContext { Settings = new Dictionary<string, string> { ["connectionString"] = Connection } });
        Assert.Equal("azblob://account/container", store.Name);
        await using var chained = new AzureStore(Options("azblob://account/container"), TimeProvider.System);
        Assert.False(chained.Capabilities.CheapStartAfter);
    }

    [Fact]
    public async Task A_key_that_the_service_would_alter_is_InvalidKey_before_any_request()
    {
        var service = new ScriptedService((_, _) => throw new InvalidOperationException());
        await using var store = service.Open(ScriptedService.Options with { Prefix = StoreKey.Parse(new string('p', 10)) });
        foreach (var text in new[] { "trailing.", "folder./x", new string('k', 1014), string.Join('/', Enumerable.Repeat("s", 254)) })
            await AzureServer.FailsAsync(StoreErrorKind.InvalidKey, () => store.StatAsync(StoreKey.Parse(text)).AsTask());
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_token_signs_URLs_with_a_key_that_the_service_lends_and_a_SAS_cannot()
    {
        var service = new ScriptedService((_, _) => ScriptedService.Content(new StringContent(
            "<?xml version=\"1.0\"?><UserDelegationKey><SignedOid>8a0b5d3e-4b6f-4a4c-9f39-0d6d3e1f0a11</SignedOid><SignedTid>8a0b5d3e-4b6f-4a4c-9f39-0d6d3e1f0a12</SignedTid>"
            + "<SignedStart>2026-01-01T00:00:00Z</SignedStart><SignedExpiry>2026-01-02T00:00:00Z</SignedExpiry><SignedService>b</SignedService><SignedVersion>2021-12-02</SignedVersion>"
            + $"<Value>{Key}</Value></UserDelegationKey>", System.Text.Encoding.UTF8, "application/xml")));
        var token = ScriptedService.Options with { AccountKey = null, Credential = new FixedToken() };
        await using (var store = service.Open(token))
        {
            var url = await store.PresignAsync(StoreKey.Parse("a b"), PresignedAccess.Read, TimeSpan.FromDays(7), TestContext.Current.CancellationToken);
            Assert.StartsWith("https://account.blob.core.windows.net/container/a%20b?", url.AbsoluteUri, StringComparison.Ordinal);
            Assert.Contains("skoid=8a0b5d3e", url.Query, StringComparison.Ordinal);
        }
        await using var other = new AzureStore(token with { Credential = null, Sas = "sv=1&sig=x" }, TimeProvider.System);
        await AzureServer.FailsAsync(StoreErrorKind.Unsupported, () => other.PresignAsync(StoreKey.Parse("a"), PresignedAccess.Read, TimeSpan.FromHours(1)).AsTask());
    }

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
