namespace Coffer.Stores.S3.Tests;

/// <summary>A URL and the settings beside it mean what they say, and nothing that is wrong goes unnoticed.</summary>
public sealed class S3UrlTests
{
    private static S3StoreOptions Options(string url, params (string Name, string Value)[] settings) => S3StoreOptions.From(StoreUrl.Parse(url), new StoreContext
    {
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.OrdinalIgnoreCase),
    });

    [Fact]
    public void The_host_is_the_bucket_and_the_path_the_prefix()
    {
        var options = Options("s3://team-bucket/vaults/one/?region=eu-central-1");
        Assert.Equal(("team-bucket", "vaults/one", "eu-central-1"), (options.Bucket, options.Prefix, options.Region));
        Assert.Equal((8 << 20, 4, false, false), (options.PartSize, options.ParallelParts, options.Create, options.SignPayload));
        Assert.Null(options.PathStyle);
    }

    [Fact]
    public void Every_option_of_the_URL_has_its_place()
    {
        var options = Options("s3://b?endpoint=http://localhost:9000&pathStyle=false&create=true&profile=me&proxy=http://proxy:3128&partSize=5242880&parallelParts=8&signPayload=true&connections=10");
        Assert.Equal(new Uri("http://localhost:9000"), options.Endpoint);
        Assert.Equal((false, true, "me"), (options.PathStyle!.Value, options.Create, options.Profile!));
        Assert.Equal((5 << 20, 8, true, 10), (options.PartSize, options.ParallelParts, options.SignPayload, options.Connections!.Value));
        Assert.Equal(new Uri("http://proxy:3128"), options.Proxy);
    }

    [Fact]
    public void Settings_come_before_the_URL_and_may_hold_secrets()
    {
        var options = Options("s3://b?region=a", ("Region", "c"), ("AccessKeyId", "id"), ("SecretAccessKey", "hidden"), ("SessionToken", "token"), ("Proxy", "http://me:word@proxy:3128"));
        Assert.Equal(("c", "id", "hidden", "token"), (options.Region!, options.AccessKeyId!, options.SecretAccessKey!, options.SessionToken!));
        foreach (var shown in (string[])[options.ToString(), new S3Store(options).Name])
        {
            foreach (var secret in (string[])["hidden", "token", "word"])
                Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://me@bucket", "no user")]
    [InlineData("s3://bucket:9000", "endpoint=http://host:port")]
    [InlineData("s3://bucket/a//b", "'a//b'")]
    [InlineData("s3://bucket?endpont=http://x", "endpont")]
    [InlineData("s3://bucket?endpoint=localhost:9000", "'endpoint' is an address")]
    [InlineData("s3://bucket?endpoint=http://me:pw@localhost", "'endpoint' is an address")]
    [InlineData("s3://bucket?create=perhaps", "perhaps")]
    [InlineData("s3://bucket?partSize=1000", "partSize")]
    [InlineData("s3://bucket?parallelParts=0", "parallelParts")]
    [InlineData("s3://bucket?secretAccessKey=s", "'secretAccessKey' is a secret")]
    [InlineData("s3://bucket?accessKeyId=s", "'accessKeyId' is a secret")]
    [InlineData("s3://bucket?sessionToken=s", "'sessionToken' is a secret")]
    [InlineData("s3://bucket?proxy=http://me:pw@proxy", "proxy's user and password")]
    [InlineData("s3://bucket?proxy=proxy", "'proxy' is an address")]
    [InlineData("s3://bucket?anonymous=true&profile=me", "Only one of")]
    public void What_is_wrong_is_refused_by_name(string url, string named)
    {
        var error = Assert.Throws<StoreException>(() => Options(url));
        Assert.Equal((StoreErrorKind.Unsupported, StoreOperation.Open), (error.Kind, error.Operation!.Value));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", error.Message.Replace(StoreUrl.Parse(url).ToString(), "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_pair_of_keys_is_refused()
    {
        Assert.Contains("belong together", Assert.Throws<StoreException>(() => Options("s3://b", ("AccessKeyId", "id"))).Message, StringComparison.Ordinal);
        Assert.Contains("sessionToken", Assert.Throws<StoreException>(() => Options("s3://b", ("SessionToken", "t"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://b", true)]
    [InlineData("s3://b?endpoint=https://s3.eu-west-1.amazonaws.com", true)]
    [InlineData("s3://b?endpoint=https://s3.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("s3://b?endpoint=https://amazonaws.com.example.org", false)]
    [InlineData("s3://b?endpoint=http://localhost:9000", false)]
    public async Task Only_Amazons_own_servers_are_known_to_keep_conditions(string url, bool known)
    {
        await using var store = new S3Store(Options(url));
        Assert.Equal(known, store.IsSettled);
        Assert.True(store.Capabilities.IfAbsent);
    }

    [Fact]
    public async Task A_store_is_opened_without_meeting_a_server_and_its_name_is_its_place()
    {
        await using var store = new S3StoreProvider().Open(StoreUrl.Parse("s3://b/a%20b?endpoint=http://192.0.2.1:9/&region=r&create=true"), new StoreContext());
        Assert.Equal("s3://b/a%20b?region=r&endpoint=http://192.0.2.1:9", store.Name);
        Assert.NotNull(store.Find<ICapabilityProbe>());
        Assert.NotNull(store.Find<IPresigner>());
    }

    [Fact]
    public async Task Large_bodies_get_larger_parts_and_what_is_too_large_is_refused_before_it_is_opened()
    {
        var options = Options("s3://b");
        Assert.Equal(8 << 20, S3MultipartUpload.PartSizeOf(80_000L << 20, options));
        Assert.Equal(((1L << 40) + 9_999) / 10_000, S3MultipartUpload.PartSizeOf(1L << 40, options));
        await using var store = new S3Store(options);
        Assert.Equal(5L << 30, store.Capabilities.MaxConditionalSize);
        Assert.Equal(5L << 40, store.Capabilities.MaxSize);
    }
}
