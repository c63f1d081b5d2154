using System.Collections.Concurrent;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>Puts that share the sync of a folder: each waits for one that began after its name was there.</summary>
public sealed class FolderSyncTests : IDisposable
{
    private readonly LocalFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_during_a_sync_shares_the_next_one()
    {
        var syncs = new List<TaskCompletionSource>();
        var sync = new FolderSync(_ =>
        {
            syncs.Add(new TaskCompletionSource());
            return syncs[^1].Task;
        });
        var first = sync.RunAsync("/a");
        var (second, third) = (sync.RunAsync("/a"), sync.RunAsync("/a"));
        Assert.Single(syncs);

        syncs[0].SetResult();
        await first;
        Assert.False(second.IsCompleted || third.IsCompleted);
        Assert.Equal(2, syncs.Count);
        syncs[1].SetResult();
        await Task.WhenAll(second, third);

        _ = sync.RunAsync("/a");
        Assert.Equal(3, syncs.Count);
    }

    [Fact]
    public async Task Folders_do_not_wait_for_each_other()
    {
        var sync = new FolderSync(static folder => folder == "/a" ? new TaskCompletionSource().Task : Task.CompletedTask);
        var stuck = sync.RunAsync("/a");

        await sync.RunAsync("/b");

        Assert.False(stuck.IsCompleted);
    }

    [Fact]
    public async Task A_sync_that_fails_fails_those_who_waited_for_it_and_the_next_one_is_tried()
    {
        var syncs = new List<TaskCompletionSource>();
        var sync = new FolderSync(_ =>
        {
            syncs.Add(new TaskCompletionSource());
            return syncs[^1].Task;
        });
        var (first, second) = (sync.RunAsync("/a"), sync.RunAsync("/a"));

        syncs[0].SetException(new SftpConnectionException(StoreErrorKind.Unavailable, "lost"));
        await Assert.ThrowsAsync<SftpConnectionException>(() => first);
        syncs[1].SetResult();
        await second;
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Each_put_is_done_after_a_sync_of_its_folder_that_was_asked_for_after_its_name_and_many_share_one(bool isCreateOnly)
    {
        const int Puts = 200;
        var asked = new ConcurrentQueue<string>();
        await using var store = new SftpStore(_folder.Options with { Fsync = true }, TimeProvider.System, _ => new LocalServer((type, body) =>
        {
            asked.Enqueue((type, LocalServer.ExtensionOf(type, body)) switch
            {
                (PacketType.Open, _) when new PacketReader(body).Text() == _folder.PathOf("folder") => "folder",
                (_, Extension.HardLink or Extension.PosixRename) => NameOf(body),
                _ => "",
            });
            return Fate.Done;
        }));
        await store.PutTextAsync(StoreKey.Parse("folder/first"), "x", isCreateOnly ? PutOptions.CreateOnly : PutOptions.Default, Token);
        asked.Clear();

        await Parallel.ForEachAsync(Enumerable.Range(0, Puts), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) =>
        {
            await store.PutTextAsync(StoreKey.Parse($"folder/{i}"), "x", isCreateOnly ? PutOptions.CreateOnly : PutOptions.Default, token);
            Assert.Contains("folder", asked.SkipWhile(what => what != $"{i}"));
        });

        Assert.InRange(asked.Count(static what => what == "folder"), 1, Puts / 2);
    }

    /// <summary>The last segment of what a link or rename makes.</summary>
    private static string NameOf(byte[] body)
    {
        var reader = new PacketReader(body);
        _ = reader.Text();
        _ = reader.Text();
        return Path.GetFileName(reader.Text());
    }

    public void Dispose() => _folder.Dispose();
}
