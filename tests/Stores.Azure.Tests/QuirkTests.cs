using System.Net;
using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>Answers that no server here can be made to give.</summary>
public sealed class QuirkTests
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private static Task<ObjectInfo> PutAsync(AzureStore store, PutOptions? options = null) => store.PutBytesAsync(Key, new byte[10], options).AsTask();

    [Theory]
    [InlineData(409, "BlobAlreadyExists", StoreErrorKind.AlreadyExists)]
    [InlineData(412, "ConditionNotMet", StoreErrorKind.AlreadyExists)]
    [InlineData(412, "LeaseIdMissing", StoreErrorKind.PermissionDenied)]
    [InlineData(500, "InternalError", StoreErrorKind.OutcomeUnknown)]
    [InlineData(500, "OperationTimedOut", StoreErrorKind.OutcomeUnknown)]
    [InlineData(504, null, StoreErrorKind.OutcomeUnknown)]
    [InlineData(503, "ServerBusy", StoreErrorKind.RateLimited)]
    [InlineData(409, "ContainerBeingDeleted", StoreErrorKind.Unavailable)]
    public async Task A_create_only_put_that_did_not_go_well(int status, string? code, StoreErrorKind kind)
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(status, code));
        await using var store = service.Open();
        var error = await AzureServer.FailsAsync(kind, () => PutAsync(store, PutOptions.CreateOnly));
        Assert.Equal(Key.Value, error.Key);
        Assert.Equal(store.Name, error.StoreName);
        Assert.Equal("*", Assert.Single(service.Requests).Headers.GetValues("If-None-Match").Single());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(3_000_000)]
    public async Task A_put_to_a_service_that_answers_no_connection_had_no_effect(int size)
    {
        await using var deaf = await DeafListener.OpenAsync();
        using var sockets = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        await using var store = new AzureStore(ScriptedService.Options with { Endpoint = new Uri($"http://{deaf.Address}/account") }, TimeProvider.System, sockets);

        var error = await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutBytesAsync(Key, new byte[size], PutOptions.CreateOnly).AsTask());

        Assert.Equal((true, true), (error.IsTransient, error.HadNoEffect));
        Assert.Contains("was not reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectTimeout", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(412, "ConditionNotMet", StoreErrorKind.ConditionFailed)]
    [InlineData(404, "BlobNotFound", StoreErrorKind.ConditionFailed)]
    [InlineData(404, "ContainerNotFound", StoreErrorKind.NotFound)]
    [InlineData(500, "InternalError", StoreErrorKind.OutcomeUnknown)]
    public async Task A_put_of_a_known_version_that_did_not_go_well(int status, string code, StoreErrorKind kind)
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(status, code));
        await using var store = service.Open();
        await AzureServer.FailsAsync(kind, () => PutAsync(store, new PutOptions { Condition = PutCondition.IfMatch(new ObjectVersion("0x1")) }));
        Assert.Equal("\"0x1\"", Assert.Single(service.Requests).Headers.GetValues("If-Match").Single());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("a\"b")]
    [InlineData("line\nbreak")]
    [InlineData("")]
    public async Task A_version_is_never_taken_for_another_condition(string version)
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(412, "ConditionNotMet"));
        await using var store = service.Open();
        await AzureServer.FailsAsync(StoreErrorKind.ConditionFailed, () => PutAsync(store, new PutOptions { Condition = PutCondition.IfMatch(new ObjectVersion(version)) }));
        Assert.All(service.Requests, request => Assert.Equal("\"*\"", request.Headers.GetValues("If-Match").Single()));
    }

    [Theory]
    [InlineData(500, "InternalError", StoreErrorKind.Unavailable, true)]
    [InlineData(503, "ServerBusy", StoreErrorKind.RateLimited, true)]
    [InlineData(429, null, StoreErrorKind.RateLimited, true)]
    [InlineData(409, "AccountBeingCreated", StoreErrorKind.Unavailable, true)]
    [InlineData(409, "ContainerBeingDeleted", StoreErrorKind.Unavailable, true)]
    [InlineData(403, "AuthenticationFailed", StoreErrorKind.Unauthenticated, false)]
    [InlineData(401, "NoAuthenticationInformation", StoreErrorKind.Unauthenticated, false)]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", StoreErrorKind.Unauthenticated, false)]
    [InlineData(403, "AuthorizationFailure", StoreErrorKind.PermissionDenied, false)]
    [InlineData(403, "AuthorizationPermissionMismatch", StoreErrorKind.PermissionDenied, false)]
    [InlineData(409, "BlobImmutableDueToPolicy", StoreErrorKind.PermissionDenied, false)]
    [InlineData(409, "SnapshotsPresent", StoreErrorKind.PermissionDenied, false)]
    [InlineData(400, "InvalidResourceName", StoreErrorKind.InvalidKey, false)]
    [InlineData(507, null, StoreErrorKind.QuotaExceeded, false)]
    [InlineData(418, "Teapot", StoreErrorKind.Unexpected, false)]
    public async Task An_error_means_what_a_caller_can_act_on(int status, string? code, StoreErrorKind kind, bool isTransient)
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(status, code, ("Retry-After", "7")));
        await using var store = service.Open();
        foreach (var ask in (Func<Task>[])[() => PutAsync(store), () => store.StatAsync(Key).AsTask(), () => store.OpenReadAsync(Key).AsTask(), () => store.DeleteAsync(Key).AsTask()])
        {
            var error = await AzureServer.FailsAsync(kind, ask);
            Assert.Equal(isTransient, error.IsTransient);
            Assert.Equal(isTransient ? TimeSpan.FromSeconds(7) : null, error.RetryAfter);
        }
        Assert.Equal(4, service.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_clock_is_named_as_the_cause()
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(403, "AuthenticationFailed", ("Date", DateTimeOffset.UtcNow.AddHours(-3).ToString("r"))));
        await using var store = service.Open();
        var error = await AzureServer.FailsAsync(StoreErrorKind.Unauthenticated, () => store.StatAsync(Key).AsTask());
        Assert.Contains("clock", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes 0-9/100")]
    [InlineData("bytes 5-13/100")]
    [InlineData("bytes 5-14/*")]
    public async Task A_range_that_the_server_ignored_or_got_wrong_is_an_error(string? range)
    {
        var service = new ScriptedService((_, _) => ScriptedService.Content(new ByteArrayContent(new byte[10]), range));
        await using var store = service.Open();
        await AzureServer.FailsAsync(StoreErrorKind.Unexpected, () => store.OpenReadAsync(Key, new ReadOptions { Range = new ByteRange(5, 10) }).AsTask());
    }

    [Fact]
    public async Task A_content_that_breaks_off_is_an_error_at_once_and_not_asked_for_again()
    {
        var service = new ScriptedService((_, _) => ScriptedService.Content(
            new StreamContent(new PatternStream(1, 100_000, reading: static at => Break(at), most: 1000)) { Headers = { ContentLength = 100_000 } }));
        await using var store = service.Open();
        await using var reader = await store.OpenReadAsync(Key, cancellationToken: TestContext.Current.CancellationToken);
        var error = await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => reader.ReadToEndAsync().AsTask());
        Assert.Equal(Key.Value, error.Key);
        Assert.Single(service.Requests);

        static void Break(long at)
        {
            if (at > 0)
                throw new IOException("The connection is gone.");
        }
    }

    [Fact]
    public async Task A_block_and_the_list_of_blocks_are_sent_again_by_themselves()
    {
        var failures = 0;
        var service = new ScriptedService((request, _) => Interlocked.Increment(ref failures) % 2 == 1
            ? ScriptedService.Error(503, "ServerBusy", ("Retry-After", "0"))
            : ScriptedService.Created());
        await using var store = service.Open(ScriptedService.Options with { ParallelBlocks = 1 });
        var progress = new ProgressLog();
        var info = await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, (2 << 20) + 5)), new PutOptions { Progress = progress }, TestContext.Current.CancellationToken);
        Assert.Equal((2 << 20) + 5, info.Size);
        Assert.Equal(8, service.Requests.Count);
        Assert.Equal(info.Size, progress.Last);
        Assert.Equal(progress.Values.Order(), progress.Values);
    }

    [Fact]
    public async Task A_block_is_not_sent_again_for_ever()
    {
        var service = new ScriptedService((_, _) => ScriptedService.Error(503, "ServerBusy", ("Retry-After", "0")));
        await using var store = service.Open(ScriptedService.Options with { ParallelBlocks = 1 });
        await AzureServer.FailsAsync(StoreErrorKind.RateLimited, () => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 5 << 20))).AsTask());
        Assert.Equal(4, service.Requests.Count);
    }

    [Fact]
    public async Task Blocks_have_names_of_one_length_that_no_other_writer_has()
    {
        var service = new ScriptedService((_, _) => ScriptedService.Created());
        await using var store = service.Open();
        for (var writer = 0; writer < 2; writer++)
            await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 3 << 20)), cancellationToken: TestContext.Current.CancellationToken);
        var ids = service.Requests.Select(static request => request.RequestUri!.Query.Split('&').FirstOrDefault(static part => part.Contains("blockid=", StringComparison.Ordinal)))
            .Where(static id => id is not null).Select(static id => WebUtility.UrlDecode(id!.Split("blockid=")[1])).ToList();
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Single(ids.Select(static id => id.Length).Distinct());
    }

    [Fact]
    public async Task Blocks_that_another_writer_discarded_can_be_put_again()
    {
        var service = new ScriptedService((request, _) => request.RequestUri!.Query.Contains("blocklist", StringComparison.Ordinal)
            ? ScriptedService.Error(400, "InvalidBlockList", ("Retry-After", "3600")) : ScriptedService.Created());
        await using var store = service.Open();
        var error = await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 3 << 20))).AsTask());
        Assert.Contains("somebody else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_make_the_container_may_still_put_into_it()
    {
        var service = new ScriptedService((request, _) => request.RequestUri!.Query.Contains("restype=container", StringComparison.Ordinal)
            ? ScriptedService.Error(403, "AuthorizationPermissionMismatch") : ScriptedService.Created());
        await using var store = service.Open(ScriptedService.Options with { Create = true });
        await PutAsync(store);
        await PutAsync(store);
        Assert.Equal(3, service.Requests.Count);
    }
}
