using System.Net.Http;
using Coffer.TestServers;

namespace Coffer.Stores.S3.Tests;

/// <summary>Each thing that can be wrong has its kind, and a message that says what to do.</summary>
public sealed class ErrorTests
{
    private static readonly StoreKey Key = StoreKey.Parse("k");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(403, "InvalidAccessKeyId", StoreErrorKind.Unauthenticated, "AWS_ACCESS_KEY_ID")]
    [InlineData(403, "SignatureDoesNotMatch", StoreErrorKind.Unauthenticated, "AWS_SECRET_ACCESS_KEY")]
    [InlineData(400, "ExpiredToken", StoreErrorKind.Unauthenticated, "sso login")]
    [InlineData(403, "RequestTimeTooSkewed", StoreErrorKind.Unauthenticated, "clock")]
    [InlineData(403, "AccessDenied", StoreErrorKind.PermissionDenied, "denied")]
    [InlineData(403, "QuotaExceeded", StoreErrorKind.QuotaExceeded, "full")]
    [InlineData(507, "XMinioStorageFull", StoreErrorKind.QuotaExceeded, "full")]
    [InlineData(400, "EntityTooLarge", StoreErrorKind.QuotaExceeded, "larger")]
    [InlineData(400, "KeyTooLongError", StoreErrorKind.InvalidKey, "another key")]
    [InlineData(404, "NoSuchKey", StoreErrorKind.NotFound, "'k'")]
    [InlineData(404, "NoSuchBucket", StoreErrorKind.NotFound, "create=true")]
    [InlineData(503, "SlowDown", StoreErrorKind.RateLimited, "slow down")]
    [InlineData(503, "", StoreErrorKind.RateLimited, "slow down")]
    [InlineData(429, "TooManyRequests", StoreErrorKind.RateLimited, "slow down")]
    [InlineData(500, "InternalError", StoreErrorKind.Unavailable, "not well")]
    [InlineData(502, "", StoreErrorKind.Unavailable, "not well")]
    [InlineData(501, "NotImplemented", StoreErrorKind.Unsupported, "does not know")]
    [InlineData(418, "Teapot", StoreErrorKind.Unexpected, "Teapot")]
    public async Task The_codes_of_S3_have_their_kinds(int status, string code, StoreErrorKind kind, string said)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Error(status, code));
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, cancellationToken: Token));

        Assert.Equal((kind, StoreOperation.Read, "k", store.Name), (error.Kind, error.Operation!.Value, error.Key!, error.StoreName!));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains($"HTTP {status}", error.Message, StringComparison.Ordinal);
        Assert.Equal(kind is StoreErrorKind.Unavailable or StoreErrorKind.RateLimited, error.IsTransient);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task A_put_to_a_server_that_answers_no_connection_had_no_effect(int size)
    {
        await using var deaf = await DeafListener.OpenAsync();
        using var sockets = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        var options = new S3StoreOptions { Bucket = "b", Endpoint = new Uri($"http://{deaf.Address}"), Region = "us-east-1", AccessKeyId = "id", SecretAccessKey = "secret" };
        await using var store = new S3Store(options, sockets);
        store.Trust("quoted");

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(Key, new byte[size], PutOptions.CreateOnly, Token));

        Assert.Equal((StoreErrorKind.Unavailable, true, true), (error.Kind, error.IsTransient, error.HadNoEffect));
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectTimeout", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'", "")]
    [InlineData(301, "PermanentRedirect", "The bucket must be addressed using the specified endpoint.", "eu-west-1")]
    public async Task A_bucket_in_another_region_is_told_with_its_region(int status, string code, string message, string header)
    {
        using var server = new ScriptedServer((_, _) =>
        {
            var answer = ScriptedServer.Error(status, code, message);
            if (header.Length > 0)
                answer.Headers.Add("x-amz-bucket-region", header);
            return answer;
        });
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, cancellationToken: Token));

        Assert.Equal(StoreErrorKind.NotFound, error.Kind);
        Assert.Contains("region=eu-west-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 22 Nov 2026 12:00:00 GMT", null)]
    public async Task Retry_after_is_told_in_seconds(string header, int? seconds)
    {
        using var server = new ScriptedServer((_, _) =>
        {
            var answer = ScriptedServer.Error(503, "SlowDown");
            answer.Headers.TryAddWithoutValidation("Retry-After", header);
            return answer;
        });
        await using var store = server.Open(static options => options with { Time = new Coffer.Testing.ManualTime() });

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, cancellationToken: Token));

        if (seconds is { } expected)
            Assert.Equal(TimeSpan.FromSeconds(expected), error.RetryAfter);
        else
            Assert.True(error.RetryAfter is null || error.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task The_wrong_key_and_the_wrong_secret_are_Unauthenticated_in_every_operation()
    {
        await using var place = new TestPlace();
        foreach (var options in (S3StoreOptions[])[place.Options with { AccessKeyId = "nobody", SecretAccessKey = "x" }, place.Options with { AccessKeyId = Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"), SecretAccessKey = "wrong" }])
        {
            await using var store = new S3Store(options);
            foreach (var call in (Func<Task>[])[async () => await store.StatAsync(Key, Token), async () => await store.OpenReadAsync(Key, cancellationToken: Token), async () => await store.PutTextAsync(Key, "x", cancellationToken: Token),
                async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token), async () => await store.DeleteAsync(Key, Token), async () => await store.DeleteManyAsync([Key], Token), async () => await store.ListAsync(cancellationToken: Token).ToListAsync(Token)])
            {
                var error = await Assert.ThrowsAsync<StoreException>(call);
                Assert.True(error.Kind == StoreErrorKind.Unauthenticated, error.Message);
                Assert.DoesNotContain("wrong", error.Message.Replace("wrong.", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_told_with_the_remedy_in_every_operation()
    {
        await using var place = new TestPlace();
        await using var store = new S3Store(place.Options with { Bucket = "none-" + place.Name, Create = false });
        foreach (var call in (Func<Task>[])[async () => await store.StatAsync(Key, Token), async () => await store.OpenReadAsync(Key, cancellationToken: Token), async () => await store.PutTextAsync(Key, "x", cancellationToken: Token),
            async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token), async () => await store.DeleteAsync(Key, Token), async () => await store.DeleteManyAsync([Key], Token), async () => await store.ListAsync(cancellationToken: Token).ToListAsync(Token)])
        {
            var error = await Assert.ThrowsAsync<StoreException>(call);
            Assert.Equal(StoreErrorKind.NotFound, error.Kind);
            Assert.Contains("create=true", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_made_once_when_the_URL_says_so()
    {
        await using var place = new TestPlace();
        var bucket = "made-" + place.Name;
        await using var store = new S3Store(place.Options with { Bucket = bucket, Create = true });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i => await store.PutTextAsync(StoreKey.Parse($"k{i}"), "x", cancellationToken: Token)));
        await using var other = new S3Store(place.Options with { Bucket = bucket, Create = true });
        Assert.NotNull(await other.StatAsync(StoreKey.Parse("k0"), Token));
        Assert.Equal(($"the bucket '{bucket}'", null), (await store.RemoveTracesAsync(Token), await other.RemoveTracesAsync(Token)));
        await store.DeleteManyAsync([.. Enumerable.Range(0, 4).Select(static i => StoreKey.Parse($"k{i}"))], Token);
        using var connection = new S3Connection(place.Options);
        await connection.Client.DeleteBucketAsync(bucket, Token);
    }

    [Fact]
    public async Task A_missing_object_is_no_missing_bucket_and_costs_one_more_look_only_once()
    {
        await using var place = new TestPlace();
        await using var store = place.Open();
        Assert.Null(await store.StatAsync(Key, Token));
        Assert.Null(await store.StatAsync(Key, Token));

        using var server = new ScriptedServer(static (request, _) => request.Method == HttpMethod.Head ? new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) : ScriptedServer.Error(404, "NoSuchKey"));
        await using var scripted = server.Open();
        for (var i = 0; i < 3; i++)
            Assert.Null(await scripted.StatAsync(Key, Token));
        Assert.Equal(["HEAD /b/k", "GET /b/k", "HEAD /b/k", "HEAD /b/k"], server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_Unavailable_whatever_is_asked()
    {
        await using var proxy = TestPlace.Proxy();
        await proxy.RefuseAsync();
        await using var place = new TestPlace();
        foreach (var options in (S3StoreOptions[])[place.Through(proxy), place.Options with { Endpoint = new Uri("http://no-such-host.invalid:9000") }])
        {
            await using var store = new S3Store(options with { Create = false });
            foreach (var call in (Func<Task>[])[async () => await store.StatAsync(Key, Token), async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token)])
            {
                var error = await Assert.ThrowsAsync<StoreException>(call);
                Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
                Assert.Contains("Check", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_Unauthenticated_and_named()
    {
        await using var place = new TestPlace();
        await using var store = new S3Store(place.Options with { Profile = "coffer-no-such-profile" });

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(Key, Token));

        Assert.Equal(StoreErrorKind.Unauthenticated, error.Kind);
        Assert.Contains("coffer-no-such-profile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_S3_server_is_told()
    {
        using var server = new ScriptedServer(static (_, _) => ScriptedServer.Ok(content: "<html>Welcome"));
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.ListAsync(cancellationToken: Token).ToListAsync(Token));

        Assert.Equal(StoreErrorKind.Unexpected, error.Kind);
        Assert.Contains("endpoint", error.Message, StringComparison.Ordinal);
    }
}
