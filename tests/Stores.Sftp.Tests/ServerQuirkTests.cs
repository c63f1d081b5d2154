using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>Servers that lack something, or say what is not so.</summary>
public sealed class ServerQuirkTests : IDisposable
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private readonly LocalFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsLink(PacketType type, byte[] body) => LocalServer.ExtensionOf(type, body) == Extension.HardLink;

    public static TheoryData<string, string> BadLinks => new()
    {
        { "missing", "does not offer hardlink@openssh.com" },
        { "refused", "refuses a hard link" },
        { "lying", "there is none" },
        { "replacing", "replace what has the name" },
    };

    [Theory, MemberData(nameof(BadLinks))]
    public async Task Without_hard_links_that_work_there_is_no_create_only_put_and_the_error_says_why(string quirk, string why)
    {
        var links = 0;
        await using var store = quirk switch
        {
            "missing" => _folder.Open(null, "-P", "hardlink"),
            "refused" => _folder.Open(static (type, body) => IsLink(type, body) ? Fate.Refused : Fate.Done),
            "lying" => _folder.Open(static (type, body) => IsLink(type, body) ? Fate.OnlySaidToBeDone : Fate.Done),
            _ => _folder.Open((type, body) => IsLink(type, body) && ++links == 2 ? Fate.OnlySaidToBeDone : Fate.Done),
        };
        Assert.False(store.IsSettled);
        Assert.True(store.Capabilities.IfAbsent);
        var opened = false;
        var body = ObjectBody.FromSource(_ => { opened = true; return ValueTask.FromResult<Stream>(new MemoryStream(new byte[1])); }, 1, canReopen: true);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(Key, body, PutOptions.CreateOnly, Token));

        Assert.Equal((StoreErrorKind.Unsupported, StoreOperation.Put, Key.Value), (error.Kind, error.Operation, error.Key));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.False(opened);
        Assert.True(store.IsSettled);
        Assert.False(store.Capabilities.IfAbsent);
        Assert.False((await store.ProbeAsync(Token)).IfAbsent);
        Assert.Empty(_folder.TemporaryFiles);
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task A_good_server_is_probed_once_and_nothing_of_it_stays()
    {
        var links = 0;
        await using var store = _folder.Open((type, body) => IsLink(type, body) && Interlocked.Increment(ref links) < 0 ? Fate.Lost : Fate.Done);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => await store.ProbeAsync(Token)));

        Assert.Equal(2, links);
        Assert.True(store.IsSettled);
        Assert.Empty(_folder.TemporaryFiles);
        await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token);
        Assert.Equal(3, links);
    }

    [Fact]
    public async Task A_probe_that_could_not_ask_settles_nothing()
    {
        var isFirst = true;
        await using var store = _folder.Open((type, body) => IsLink(type, body) && isFirst && !(isFirst = false) ? Fate.Lost : Fate.Done);

        Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(async () => await store.ProbeAsync(Token))).Kind);

        Assert.False(store.IsSettled);
        Assert.True((await store.ProbeAsync(Token)).IfAbsent);
    }

    [Fact]
    public async Task Without_limits_every_request_is_of_the_size_that_all_servers_take()
    {
        var largest = 0;
        await using var store = _folder.Open((_, body) =>
        {
            largest = Math.Max(largest, body.Length);
            return Fate.Done;
        }, "-P", "limits");
        var bytes = Pattern.Bytes(1, 3 << 20);

        await store.PutBytesAsync(Key, bytes, cancellationToken: Token);

        Assert.Equal(bytes, await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.InRange(largest, 32768, 32768 + 64);
    }

    [Theory]
    [InlineData("posix-rename", true, "posix-rename@openssh.com"), InlineData("fsync", true, "fsync=false")]
    public async Task What_cannot_be_promised_is_refused_before_the_body_is_opened(string lacking, bool fsync, string named)
    {
        await using var store = new SftpStore(_folder.Options with { Fsync = fsync }, TimeProvider.System, _ => new LocalServer(static (_, _) => Fate.Done, "-P", lacking));

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", cancellationToken: Token));

        Assert.Equal(StoreErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_AlreadyExists_although_the_server_only_says_failure()
    {
        await using var store = _folder.Open((type, body) =>
        {
            if (IsLink(type, body))
            {
                // Another writer is faster, after the look and before the link.
                Directory.CreateDirectory(_folder.PathOf("folder"));
                File.WriteAllText(_folder.PathOf(Key.Value), "theirs");
            }
            return Fate.Done;
        });
        store.Trust("links");

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "mine", PutOptions.CreateOnly, Token));

        Assert.Equal(StoreErrorKind.AlreadyExists, error.Kind);
        Assert.Equal("theirs", await store.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task A_folder_that_is_removed_in_the_moment_before_is_made_again()
    {
        var times = 0;
        await using var store = _folder.Open((type, body) =>
        {
            if (LocalServer.ExtensionOf(type, body) == Extension.PosixRename && ++times <= 3 && Directory.Exists(_folder.PathOf("folder")))
                Directory.Delete(_folder.PathOf("folder"));
            return Fate.Done;
        });

        await store.PutTextAsync(Key, "x", cancellationToken: Token);

        Assert.Equal(4, times);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task A_folder_that_was_there_when_it_was_made_and_is_gone_when_it_is_looked_for_is_made_again()
    {
        var times = 0;
        await using var store = _folder.Open((type, body) => type == PacketType.MakeDir && body.AsSpan().IndexOf("/folder"u8) >= 0 && ++times <= 2 ? Fate.Refused : Fate.Done);

        await store.PutTextAsync(Key, "x", cancellationToken: Token);

        Assert.Equal(3, times);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task A_write_that_the_server_says_was_done_and_was_not_is_found_out()
    {
        await using var store = _folder.Open(static (type, _) => type == PacketType.Write ? Fate.OnlySaidToBeDone : Fate.Done);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", cancellationToken: Token));

        Assert.Equal(StoreErrorKind.Unexpected, error.Kind);
        Assert.False(File.Exists(_folder.PathOf(Key.Value)));
        Assert.Empty(_folder.TemporaryFiles);
    }

    public void Dispose() => _folder.Dispose();
}
