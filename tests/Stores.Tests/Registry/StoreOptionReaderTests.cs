using Xunit;

namespace Coffer.Stores.Tests.Registry;

public sealed class StoreOptionReaderTests
{
    [Fact]
    public void Settings_come_before_the_url_and_names_have_no_case()
    {
        var options = Options("s3://bucket?region=north&pathStyle=true", ("REGION", "south"), ("secretKey", "hidden"));

        Assert.Equal("south", options.Text("region"));
        Assert.True(options.Bool("pathstyle", otherwise: false));
        Assert.Equal("hidden", options.Secret("SecretKey"));
        Assert.Null(options.Text("endpoint"));
        Assert.False(options.Bool("create", otherwise: false));
    }

    [Fact]
    public void What_nobody_asked_for_is_refused_by_name_with_the_options_that_there_are()
    {
        var options = Options("s3://bucket?regoin=x");
        options.Text("region");
        options.Bool("create", otherwise: false);

        var e = Assert.Throws<StoreException>(options.Finish);

        Assert.Equal((StoreErrorKind.Unsupported, StoreOperation.Open, "regoin"), (e.Kind, e.Operation, e.Option));
        Assert.Equal("A test store has no option 'regoin'. It knows: create, region (the store is 's3://bucket?regoin=x').", e.Message);
    }

    [Theory]
    [InlineData("create=yes", "true or false, not 'yes'")]
    [InlineData("connections=0", "from 1 to 8, not '0'")]
    [InlineData("connections=9", "from 1 to 8, not '9'")]
    [InlineData("connections=two", "from 1 to 8, not 'two'")]
    public void A_value_that_is_wrong_is_refused_with_what_is_right(string query, string told)
    {
        var options = Options("s3://bucket?" + query);

        var e = Assert.Throws<StoreException>(() => (options.Bool("create", otherwise: false), options.Number("connections", 1, 8)));

        Assert.Contains(told, e.Message, StringComparison.Ordinal);
        Assert.Equal(query.Split('=')[0], e.Option);
    }

    [Theory]
    [InlineData("sftp://me:hidden@nas/vaults", true)]
    [InlineData("sftp://me@nas/vaults?create=true&password=hidden", true)]
    [InlineData("s3://bucket?accessKeyId=hidden", true)]
    [InlineData("azblob://account/container?sig=hidden", true)]
    [InlineData("sftp://me@nas:22/vaults?hostKey=SHA256:x&password=", false)]
    [InlineData("sftp://nas/a:b@c", false)]
    [InlineData("./folder?password=x", false)]
    public void A_secret_is_found_in_what_somebody_wrote_for_a_url(string text, bool holds) => Assert.Equal(holds, StoreUrl.HoldsSecret(text));

    [Fact]
    public void A_secret_in_a_url_is_refused_and_not_repeated()
    {
        var options = Options("s3://bucket?secretKey=hidden");

        var e = Assert.Throws<StoreException>(() => options.Secret("secretKey"));

        Assert.Contains("'secretKey' is a secret", e.Message, StringComparison.Ordinal);
        Assert.Equal("secretKey", e.Option);
        // One sentence, with one full stop.
        Assert.DoesNotContain(". (", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("').", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", e.ToString() + e.StoreName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket?secretKey=hidden")]
    [InlineData("azblob://account/container?sig=hidden&create=true")]
    [InlineData("azblob://account/container?sas=hidden&create=true")]
    [InlineData("azblob://account/container?create=true&accountKey=hidden")]
    [InlineData("sftp://host/x?Password=hidden")]
    [InlineData("sftp://host/x?passphrase=hidden")]
    [InlineData("s3://bucket?sessionToken=hidden")]
    [InlineData("azblob://account/container?connectionString=hidden")]
    public void A_url_never_shows_the_value_of_an_option_that_is_called_like_a_secret(string url)
    {
        Assert.Equal(url.Replace("hidden", "***", StringComparison.Ordinal), StoreUrl.Parse(url).ToString());
    }

    private static StoreOptionReader Options(string url, params (string Name, string Value)[] settings) => new(
        StoreUrl.Parse(url),
        new StoreContext { Settings = settings.ToDictionary(static s => s.Name, static s => s.Value, StringComparer.OrdinalIgnoreCase) },
        "A test store");
}
