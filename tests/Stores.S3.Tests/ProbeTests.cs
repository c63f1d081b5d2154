using System.Net.Http;

namespace Coffer.Stores.S3.Tests;

/// <summary>What a server that is not Amazon's makes of conditions is asked once, before anything rests on it.</summary>
public sealed class ProbeTests
{
    private static readonly StoreKey Key = StoreKey.Parse("k");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A server with one object, which keeps the conditions that it is told to keep.</summary>
    private sealed class OneObject(bool keepsAbsent, Func<string, string, bool>? matches)
    {
        private string? _etag;
        private int _puts;

        public HttpResponseMessage Answer(HttpRequestMessage request)
        {
            if (request.Method == HttpMethod.Delete)
                _etag = null;
            if (request.Method != HttpMethod.Put)
                return ScriptedServer.Ok();
            if (keepsAbsent && ScriptedServer.Header(request, "If-None-Match") == "*" && _etag is not null)
                return ScriptedServer.Error(412, "PreconditionFailed");
            if (matches is not null && ScriptedServer.Header(request, "If-Match") is { } wanted && !matches(wanted, _etag ?? ""))
                return ScriptedServer.Error(412, "PreconditionFailed");
            _etag = $"{++_puts:x32}";
            return ScriptedServer.Ok($"\"{_etag}\"");
        }
    }

    private static ScriptedServer Server(bool keepsAbsent, Func<string, string, bool>? matches)
    {
        var state = new OneObject(keepsAbsent, matches);
        return new ScriptedServer((request, _) => state.Answer(request));
    }

    [Fact]
    public async Task A_server_that_ignores_conditions_is_found_out_before_the_first_create_only_put()
    {
        using var server = Server(keepsAbsent: false, matches: null);
        await using var store = server.Open();
        Assert.False(store.IsSettled);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));

        Assert.Equal(StoreErrorKind.Unsupported, error.Kind);
        Assert.Contains("ignores the condition", error.Message, StringComparison.Ordinal);
        Assert.Contains("another store", error.Message, StringComparison.Ordinal);
        Assert.True(store.IsSettled);
        Assert.Equal((false, false), (store.Capabilities.IfAbsent, store.Capabilities.IfMatch));
        Assert.DoesNotContain(server.Requests, static request => request.StartsWith("PUT /b/k", StringComparison.Ordinal));
        Assert.StartsWith("DELETE /b/.coffer-probe-", server.Requests[^1], StringComparison.Ordinal);

        var asked = server.Requests.Count;
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token));
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", new PutOptions { Condition = PutCondition.IfMatch(new ObjectVersion("v")) }, Token));
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_keeps_them_is_asked_once_by_all_who_come_at_the_same_time()
    {
        using var server = Server(keepsAbsent: true, static (wanted, etag) => wanted == $"\"{etag}\"");
        await using var store = server.Open();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await store.PutTextAsync(StoreKey.Parse($"k{i}"), "x", PutOptions.CreateOnly, Token);
            }
            catch (StoreException e) when (e.Kind == StoreErrorKind.AlreadyExists)
            {
                // The scripted server has but one object.
            }
        }));

        Assert.Single(server.Requests, static request => request.StartsWith("DELETE /b/.coffer-probe-", StringComparison.Ordinal));
        Assert.Equal(8, server.Requests.Count(static request => request.StartsWith("PUT /b/k", StringComparison.Ordinal)));
        Assert.Equal((true, true), (store.Capabilities.IfAbsent, store.Capabilities.IfMatch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_form_in_which_a_server_compares_versions_is_found(bool quoted)
    {
        using var server = Server(keepsAbsent: true, (wanted, etag) => wanted == (quoted ? $"\"{etag}\"" : etag));
        await using var store = server.Open();
        await store.ProbeAsync(Token);
        var info = await store.PutTextAsync(Key, "x", cancellationToken: Token);

        await store.PutTextAsync(Key, "y", new PutOptions { Condition = PutCondition.IfMatch(info.Version!.Value) }, Token);

        Assert.Contains($"PUT /b/k {(quoted ? $"\"{info.Version}\"" : info.Version.ToString())}", server.Requests);
    }

    [Fact]
    public async Task A_server_may_keep_the_one_condition_and_ignore_the_other()
    {
        using var server = Server(keepsAbsent: true, matches: null);
        await using var store = server.Open();

        var can = await store.ProbeAsync(Token);

        Assert.Equal((true, false), (can.IfAbsent, can.IfMatch));
    }

    [Fact]
    public async Task Who_may_not_put_settles_nothing()
    {
        using var server = new ScriptedServer(static (_, _) => ScriptedServer.Error(403, "AccessDenied"));
        await using var store = server.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.ProbeAsync(Token));

        Assert.Equal(StoreErrorKind.PermissionDenied, error.Kind);
        Assert.False(store.IsSettled);
        Assert.True(store.Capabilities.IfAbsent);
    }

    [Fact]
    public async Task An_earlier_answer_that_is_trusted_saves_the_question()
    {
        using var server = Server(keepsAbsent: true, matches: null);
        await using var store = server.Open();
        store.Trust("unmatched");
        Assert.True(store.IsSettled);

        await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token);
        await store.ProbeAsync(Token);

        Assert.Equal(["PUT /b/k *"], server.Requests);
        Assert.Equal((true, false), (store.Capabilities.IfAbsent, store.Capabilities.IfMatch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_earlier_answer_holds_for_versions_too(bool quoted)
    {
        using var server = Server(keepsAbsent: true, (wanted, etag) => wanted == (quoted ? $"\"{etag}\"" : etag));
        await using var asked = server.Open();
        await asked.ProbeAsync(Token);
        await using var store = server.Open();
        store.Trust(asked.Answer!);
        var before = server.Requests.Count;

        var info = await store.PutTextAsync(Key, "x", cancellationToken: Token);
        await store.PutTextAsync(Key, "y", new PutOptions { Condition = PutCondition.IfMatch(info.Version!.Value) }, Token);

        Assert.Equal(2, server.Requests.Count - before);
    }

    [Fact]
    public async Task A_server_that_does_not_keep_create_only_puts_has_no_answer_to_keep()
    {
        using var server = Server(keepsAbsent: false, static (wanted, etag) => wanted == $"\"{etag}\"");
        await using var store = server.Open();

        await store.ProbeAsync(Token);

        Assert.Equal((true, null), (store.IsSettled, store.Answer));
    }

    [Fact]
    public async Task An_answer_in_words_of_other_software_settles_nothing()
    {
        using var server = Server(keepsAbsent: true, matches: null);
        await using var store = server.Open();

        store.Trust("something else");

        Assert.Equal((false, null), (store.IsSettled, store.Answer));
    }

    [Fact]
    public async Task A_probe_that_failed_is_asked_again_by_the_next_one()
    {
        var fails = true;
        var state = new OneObject(keepsAbsent: true, static (wanted, etag) => wanted == $"\"{etag}\"");
        using var server = new ScriptedServer((request, _) => fails ? ScriptedServer.Error(503, "SlowDown") : state.Answer(request));
        await using var store = server.Open();
        Assert.Equal(StoreErrorKind.RateLimited, (await Assert.ThrowsAsync<StoreException>(async () => await store.ProbeAsync(Token))).Kind);

        fails = false;

        Assert.True((await store.ProbeAsync(Token)).IfAbsent);
    }

    [Fact]
    public async Task What_a_probe_leaves_behind_is_not_listed_and_no_caller_can_use_its_name()
    {
        using var server = new ScriptedServer(static (_, _) => ScriptedServer.Ok(content: """
            <ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>.coffer-probe-1</Key><Size>5</Size></Contents><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>
            """));
        await using var store = server.Open();

        var names = new List<string>();
        await foreach (var entry in store.ListAsync(cancellationToken: Token))
            names.Add(entry.Name);

        Assert.Equal(["a"], names);
        Assert.Equal(StoreErrorKind.InvalidKey, (await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(StoreKey.Parse(".coffer-probe-1"), "x", cancellationToken: Token))).Kind);
    }
}
