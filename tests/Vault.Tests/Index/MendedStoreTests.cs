using Coffer.Stores;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Tests.Commits;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Index;

/// <summary>Objects that are not what they were, and then are again.</summary>
public sealed class MendedStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-mended-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Index(string of) => Path.Combine(_folder, of, "team.db");

    [Fact]
    public async Task A_commit_that_was_damaged_is_read_when_it_is_mended()
    {
        var store = new MemoryStore("mended");
        await using var hers = await Vaults.Vault.CreateAsync(store, People.Alice, new VaultCreateOptions { IndexPath = Index("alice") }, CancellationToken.None);
        await hers.SetAccessAsync(People.Bob.Public, AccessLevel.Write, CancellationToken.None);
        await hers.WriteAsync("first", FileContent.FromBytes(new byte[] { 1 }), cancellationToken: CancellationToken.None);
        await hers.WriteAsync("second", FileContent.FromBytes(new byte[] { 2 }), cancellationToken: CancellationToken.None);
        var keys = new List<StoreKey>();
        await foreach (var entry in store.ListAsync("users/commits/", cancellationToken: CancellationToken.None))
            keys.Add(entry.Key);
        Assert.Equal(2, keys.Count);
        var whole = await store.ReadBytesAsync(keys[0], cancellationToken: CancellationToken.None);
        await store.PutBytesAsync(keys[0], (byte[])[.. whole[..200], (byte)~whole[200], .. whole[201..]], cancellationToken: CancellationToken.None);

        await using var his = await Vaults.Vault.OpenAsync(store, People.Bob, new VaultOpenOptions { IndexPath = Index("bob"), Creator = People.Alice.Public }, CancellationToken.None);
        Assert.Null(await his.StatAsync("first", cancellationToken: CancellationToken.None));
        Assert.Null(await his.StatAsync("second", cancellationToken: CancellationToken.None));
        Assert.Equal([FindingKind.Absence, FindingKind.Junk], his.GetFindings().Select(found => found.Finding.Kind).Order().Distinct());

        await store.PutBytesAsync(keys[0], whole, cancellationToken: CancellationToken.None);
        Assert.Equal(1, (await his.SyncAsync(CancellationToken.None)).Commits);
        Assert.Equal([1], await his.ReadBytesAsync("first", cancellationToken: CancellationToken.None));
        Assert.Equal([2], await his.ReadBytesAsync("second", cancellationToken: CancellationToken.None));
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task A_commit_that_changes_between_two_reads_of_it_ends_no_sync(int left)
    {
        var names = new VaultNames("users");
        var name = new CommitName(CommitParts.Header.Writer, CommitParts.Header.Number);
        var store = new MemoryStore("changing");
        var bytes = (byte[])[.. (CommitParts.Header with { HeadLength = 100_000 }).ToArray(), .. new byte[100_000]];
        await store.PutBytesAsync(names.Commit(name), bytes, cancellationToken: CancellationToken.None);
        var whole = await new CommitFetcher(store, names).FetchAsync(name, CancellationToken.None);
        Assert.Equal(bytes, whole!.Bytes);

        var fetched = await new CommitFetcher(new ChangingStore(store, left < 0 ? null : bytes[..left]), names).FetchAsync(name, CancellationToken.None);
        if (left < 0)
            Assert.Null(fetched);
        else
            Assert.Contains("shorter", fetched!.Fault, StringComparison.Ordinal);
    }

    /// <summary>Changes an object once it was read.</summary>
    private sealed class ChangingStore(IStore inner, byte[]? to) : DelegatingStore(inner)
    {
        private int _reads;

        public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (++_reads == 2)
            {
                if (to is null)
                    await Inner.DeleteAsync(key, cancellationToken);
                else
                    await Inner.PutBytesAsync(key, to, cancellationToken: cancellationToken);
            }
            return await base.OpenReadAsync(key, options, cancellationToken);
        }
    }
}
