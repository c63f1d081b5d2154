using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A check of a whole vault finds what is missing or changed on the store, says what was expected and what is there, and finds nothing where nothing is wrong.</summary>
public sealed class Checking_a_vault : IAsyncDisposable
{
    private const string PackKeys = "users/packs/";

    private static readonly IntegrityCheckOptions Deep = new() { Deep = true };

    private readonly JumpingTime _time = new();
    private readonly Team _team;

    public Checking_a_vault() => _team = new Team(time: _time);

    /// <summary>Two members with files of all sizes: some packed, some loose, one sealed, one deleted, one with newer attributes, which share its body.</summary>
    private async Task<(Vault Alice, Vault Bob)> FillAsync()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await alice.WriteAsync("large", FileContent.FromBytes(Pattern.Bytes(1, (16 << 20) + 100_000)));
        await alice.WriteManyAsync([.. Enumerable.Range(0, 40).Select(i => new FileWrite($"many/{i}", FileContent.FromBytes(Pattern.Bytes((ulong)i, 10_000))))]);
        await alice.WriteTextAsync("small", "first");
        await alice.WriteTextAsync("small", "second");
        await alice.DeleteAsync("many/7");
        _time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(1, (await alice.HousekeepAsync()).PacksMade);
        _time.Jump(TimeSpan.FromHours(2));
        Assert.Equal(5, (await alice.HousekeepAsync()).CommitsDeleted);
        await alice.WriteTextAsync("sealed", "for Bob alone", new WriteOptions { Recipient = bob.Me });
        await alice.WriteAsync("loose", Bytes(50_000));
        await alice.SetAttributesAsync("loose", new byte[] { 1, 2, 3 });
        await alice.RotateKeyAsync();
        await bob.WriteTextAsync("bob's", "last");
        await bob.SyncAsync();
        await alice.SyncAsync();
        return (alice, bob);
    }

    [Fact]
    public async Task A_vault_that_is_whole_is_sound_for_all_its_members()
    {
        var (alice, bob) = await FillAsync();
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Read);
        foreach (var vault in (Vault[])[alice, bob, carol])
        {
            var report = await vault.CheckIntegrityAsync();
            Assert.Equal((true, false, 4, 9, 1), (report.IsSound, report.IsDeep, report.Blocks, report.Commits, report.Packs));
            Assert.InRange(report.BytesRead, 1, 100_000);

            var deep = await vault.CheckIntegrityAsync(Deep);
            Assert.Equal((true, true, 9, report.Objects), (deep.IsSound, deep.IsDeep, deep.Commits, deep.Objects));
            Assert.InRange(deep.BytesRead, (16 << 20) + 100_000 + 450_000, (16 << 20) + 100_000 + 600_000);
            Assert.Empty(vault.GetFindings());
        }
    }

    [Theory]
    [InlineData(LedgerKeys, FindingKind.Absence)]
    [InlineData(PackKeys, FindingKind.Absence)]
    [InlineData(CommitKeys, FindingKind.Absence)]
    [InlineData(DataKeys, FindingKind.Absence)]
    public async Task What_is_missing_is_named_whatever_it_is(string keys, FindingKind kind)
    {
        var (_, bob) = await FillAsync();
        foreach (var key in await _team.Store.KeysAsync(keys))
        {
            var bytes = await _team.Store.GetAsync(key);
            await _team.Store.RemoveAsync(key);
            // The newest slot of the ledger is put back by the very look.
            var report = await bob.CheckIntegrityAsync();
            await _team.Store.SetAsync(key, bytes);
            if (keys == LedgerKeys && key == (await _team.Store.KeysAsync(keys))[^1])
                continue;
            Assert.False(report.IsSound);
            Assert.All(report.Findings, finding => Assert.Equal((kind, true, "nothing"), (finding.Kind, finding.NamesStore, finding.Found)));
            Assert.All(report.Findings, static finding => Assert.NotNull(finding.Expected));
            if (keys != PackKeys)
                Assert.EndsWith(key["users/".Length..].Split('/')[^1], Assert.Single(report.Findings).Subject.Split(' ')[^(keys == CommitKeys ? 2 : 1)], StringComparison.Ordinal);
            else
                Assert.Equal(5, report.Findings.Count);
            Assert.True((await bob.CheckIntegrityAsync()).IsSound);
        }
        Assert.NotEmpty(bob.Findings(kind));
    }

    [Theory]
    [InlineData(LedgerKeys, false)]
    [InlineData(CommitKeys, true)]
    [InlineData(PackKeys, true)]
    [InlineData(DataKeys, true)]
    public async Task What_was_changed_is_named_with_what_is_there(string keys, bool deep)
    {
        var (alice, bob) = await FillAsync();
        foreach (var key in await _team.Store.KeysAsync(keys))
        {
            var bytes = await _team.Store.GetAsync(key);
            foreach (var place in (int[])[0, bytes.Length / 2, bytes.Length - 1])
            {
                await _team.Store.FlipAsync(key, place);
                foreach (var vault in (Vault[])[alice, bob])
                {
                    var report = await vault.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = deep });
                    Assert.False(report.IsSound, $"{key}, byte {place}");
                    Assert.All(report.Findings, static finding => Assert.NotNull(finding.Found));
                }
                await _team.Store.SetAsync(key, bytes);
            }
        }
        Assert.True((await alice.CheckIntegrityAsync(Deep)).IsSound);
        Assert.True((await bob.CheckIntegrityAsync(Deep)).IsSound);
    }

    [Fact]
    public async Task A_file_whose_body_was_changed_is_named_and_the_rest_can_be_read()
    {
        var (alice, bob) = await FillAsync();
        var keys = await _team.Store.KeysAsync(DataKeys);
        var sizes = await Task.WhenAll(keys.Select(async key => (Key: key, (await _team.Store.GetAsync(key)).Length)));
        await _team.Store.FlipAsync(sizes.MaxBy(static size => size.Length).Key, 1_000_000);

        Assert.True((await bob.CheckIntegrityAsync()).IsSound);
        var finding = Assert.Single((await bob.CheckIntegrityAsync(Deep)).Findings);

        Assert.Equal((FindingKind.Proof, "1 of 1 pieces that are not what was written", alice.Me), (finding.Kind, finding.Found, finding.Member));
        Assert.Contains("'large'", finding.Message, StringComparison.Ordinal);
        Assert.Equal("second", await bob.ReadTextAsync("small"));
        Assert.Equal(finding, Assert.Single(bob.GetFindings()).Finding);
    }

    [Fact]
    public async Task A_commit_that_moves_into_a_pack_during_a_check_is_not_missing()
    {
        var alice = await _team.CreateAsync();
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync($"{i}", "text");
        await using var store = new HookedStore(_team.Store);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Read, store: store);
        _time.Jump(TimeSpan.FromDays(2));
        await alice.HousekeepAsync();
        _time.Jump(TimeSpan.FromHours(2));
        await bob.SyncAsync();
        store.BeforeRead = async key =>
        {
            if (!key.StartsWith(CommitKeys, StringComparison.Ordinal))
                return;
            store.BeforeRead = static _ => Task.CompletedTask;
            Assert.Equal(5, (await alice.HousekeepAsync()).CommitsDeleted);
        };

        var report = await bob.CheckIntegrityAsync(Deep);

        Assert.Equal((true, 5), (report.IsSound, report.Commits));
    }

    [Fact]
    public async Task Progress_is_told_step_by_step()
    {
        var (alice, _) = await FillAsync();
        var told = new ProgressList();

        await alice.CheckIntegrityAsync(Deep with { Progress = told });

        Assert.Equal([IntegrityStep.Sync, IntegrityStep.Ledger, IntegrityStep.Commits, IntegrityStep.Bodies], told.Select(static progress => progress.Step).Distinct());
        Assert.Equal(told[^1].Total, told[^1].Done);
        Assert.InRange(told[^1].Total, 16 << 20, 18 << 20);
    }

    private sealed class ProgressList : List<IntegrityProgress>, IProgress<IntegrityProgress>
    {
        public void Report(IntegrityProgress value) => Add(value);
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
