using System.Net;
using System.Net.Http;

namespace Coffer.Stores.S3.Tests;

/// <summary>What some servers are known to do, and none here can be made to do: answers that do not tell, other codes, ranges and conditions that are ignored.</summary>
public sealed class QuirkTests
{
    private static readonly StoreKey Key = StoreKey.Parse("k");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static S3Store Trusted(ScriptedServer server)
    {
        var store = server.Open();
        store.Trust("quoted");
        return store;
    }

    private static async Task<StoreException> CreateAsync(S3Store store) =>
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));

    [Theory]
    [InlineData(412, "PreconditionFailed")]
    [InlineData(409, "ConditionalRequestConflict")]
    [InlineData(500, "InternalError")]
    public async Task A_creation_that_lost_is_AlreadyExists_by_whatever_code(int status, string code)
    {
        using var server = new ScriptedServer((request, _) => request.Method == HttpMethod.Put ? ScriptedServer.Error(status, code) : ScriptedServer.Ok());
        await using var store = Trusted(server);

        var error = await CreateAsync(store);

        Assert.Equal((StoreErrorKind.AlreadyExists, "k", false), (error.Kind, error.Key!, error.IsTransient));
    }

    [Fact]
    public async Task A_creation_that_happened_in_spite_of_a_500_has_happened()
    {
        string? mark = null;
        using var server = new ScriptedServer((request, _) =>
        {
            if (request.Method == HttpMethod.Put)
            {
                mark = ScriptedServer.Header(request, "x-amz-meta-coffer-put");
                return ScriptedServer.Error(500, "InternalError");
            }
            var found = ScriptedServer.Ok("\"9dd4e461268c8034f5c8564e155c67a6\"");
            found.Headers.Add("x-amz-meta-coffer-put", mark);
            return found;
        });
        await using var store = Trusted(server);

        var info = await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token);

        Assert.Equal(("9dd4e461268c8034f5c8564e155c67a6", 1L), (info.Version!.Value.Value, info.Size));
    }

    [Theory]
    [InlineData(500, "InternalError", StoreErrorKind.OutcomeUnknown)]
    [InlineData(502, "", StoreErrorKind.OutcomeUnknown)]
    [InlineData(503, "", StoreErrorKind.OutcomeUnknown)]
    [InlineData(503, "SlowDown", StoreErrorKind.RateLimited)]
    [InlineData(409, "ConditionalRequestConflict", StoreErrorKind.RateLimited)]
    [InlineData(403, "AccessDenied", StoreErrorKind.PermissionDenied)]
    public async Task A_creation_of_which_nothing_is_there_is_only_repeated_when_the_server_refused_it(int status, string code, StoreErrorKind kind)
    {
        using var server = new ScriptedServer((request, _) => request.Method == HttpMethod.Put ? ScriptedServer.Error(status, code) : new HttpResponseMessage(HttpStatusCode.NotFound));
        await using var store = Trusted(server);

        Assert.Equal(kind, (await CreateAsync(store)).Kind);
    }

    [Fact]
    public async Task A_creation_whose_answer_never_came_is_OutcomeUnknown_and_one_that_was_never_sent_is_Unavailable()
    {
        using var lost = new ScriptedServer(static (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely."));
        await using var losing = Trusted(lost);
        Assert.Equal(StoreErrorKind.OutcomeUnknown, (await CreateAsync(losing)).Kind);
        Assert.Single(lost.Requests);

        using var refused = new ScriptedServer(static (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        await using var refusing = Trusted(refused);
        Assert.Equal((StoreErrorKind.Unavailable, true), ((await CreateAsync(refusing)).Kind, (await CreateAsync(refusing)).IsTransient));
    }

    [Theory]
    [InlineData(404, "NoSuchKey")]
    [InlineData(412, "PreconditionFailed")]
    public async Task A_version_that_is_gone_is_ConditionFailed(int status, string code)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Error(status, code));
        await using var store = server.Open(static options => options with { Endpoint = new Uri("https://s3.amazonaws.com") });

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", new PutOptions { Condition = PutCondition.IfMatch(new ObjectVersion("v")) }, Token));

        Assert.Equal(StoreErrorKind.ConditionFailed, error.Kind);
    }

    [Fact]
    public async Task A_range_that_the_server_ignored_or_mistook_is_an_error()
    {
        var range = "";
        using var server = new ScriptedServer((_, _) =>
        {
            if (range.Length == 0)
                return ScriptedServer.Ok(content: "0123456789");
            var part = ScriptedServer.Ok(content: "345");
            part.StatusCode = HttpStatusCode.PartialContent;
            part.Content.Headers.TryAddWithoutValidation("Content-Range", range);
            return part;
        });
        await using var store = server.Open();
        var options = new ReadOptions { Range = new ByteRange(3, 3) };

        Assert.Contains("ignored the range", (await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, options, Token))).Message, StringComparison.Ordinal);
        foreach (var wrong in (string[])["bytes 2-4/10", "bytes 3-6/10", "bytes 3-5/*", "bytes 3-5/5", "nonsense"])
        {
            range = wrong;
            Assert.Equal(StoreErrorKind.Unexpected, (await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, options, Token))).Kind);
        }
        range = "bytes 3-5/10";
        await using var reader = await store.OpenReadAsync(Key, options, Token);
        Assert.Equal((10L, 3L), (reader.Info.Size, reader.Length));
    }

    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("abc")]
    [InlineData("W/\"abc\"")]
    [InlineData("\"not-hex-zz\"")]
    public async Task An_etag_is_a_version_with_quotes_and_without_and_need_be_no_hash(string etag)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok(etag, "content"));
        await using var store = server.Open();

        await using (var reader = await store.OpenReadAsync(Key, cancellationToken: Token))
        {
            Assert.Equal(etag.Replace("W/", "", StringComparison.Ordinal).Trim('"'), reader.Info.Version!.Value.Value);
            Assert.Equal("content"u8.ToArray(), await reader.ReadToEndAsync(cancellationToken: Token));
            Assert.Equal(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), reader.Info.StoreTime);
            var known = new ReadOptions { IfNoneMatch = reader.Info.Version };
            // The server ignores the condition and gives the content: that it is the known one shows in its etag.
            Assert.Equal(StoreErrorKind.ConditionFailed, (await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, known, Token))).Kind);
        }
    }

    [Theory]
    [InlineData(501, "NotImplemented")]
    [InlineData(400, "MissingContentMD5")]
    public async Task A_server_without_batches_is_asked_to_delete_one_by_one(int status, string code)
    {
        using var server = new ScriptedServer((request, _) => request.Method == HttpMethod.Post ? ScriptedServer.Error(status, code) : ScriptedServer.Ok());
        await using var store = server.Open();

        await store.DeleteManyAsync([Key, StoreKey.Parse("l")], Token);

        Assert.Equal(["POST /b?delete", "DELETE /b/k", "DELETE /b/l"], server.Requests.Select(static request => request.Replace("/?", "?", StringComparison.Ordinal).Replace("delete=", "delete", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_batch_could_not_delete_is_named()
    {
        using var server = new ScriptedServer(static (_, _) => ScriptedServer.Ok(content: """
            <DeleteResult><Error><Key>gone</Key><Code>NoSuchKey</Code><Message>m</Message></Error><Error><Key>k</Key><Code>AccessDenied</Code><Message>locked</Message></Error></DeleteResult>
            """));
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.DeleteManyAsync([Key, StoreKey.Parse("gone")], Token));

        Assert.Equal(StoreErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("1 of 2 objects", error.Message, StringComparison.Ordinal);
        Assert.Contains("'k' (AccessDenied: locked)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_out_of_order_is_refused()
    {
        using var server = new ScriptedServer(static (_, _) => ScriptedServer.Ok(content: """
            <ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>b</Key><Size>1</Size></Contents><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>
            """));
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.ListAsync(cancellationToken: Token).ToListAsync(Token));

        Assert.Contains("'a' came after 'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_https_bodies_go_without_a_hash_unless_it_is_asked_for()
    {
        var hashes = new List<string?>();
        using var server = new ScriptedServer((request, _) =>
        {
            hashes.Add(ScriptedServer.Header(request, "X-Amz-Content-SHA256"));
            return ScriptedServer.Ok();
        });
        foreach (var (endpoint, sign) in ((string, bool)[])[("https://server", false), ("https://server", true), ("http://server", false)])
        {
            var store = server.Open(options => options with { Endpoint = new Uri(endpoint), SignPayload = sign });
            await store.PutTextAsync(Key, "x", cancellationToken: Token);
            await store.DisposeAsync();
        }

        const string OfX = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        Assert.Equal(["UNSIGNED-PAYLOAD", OfX, OfX], hashes);
    }
}
