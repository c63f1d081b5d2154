using Coffer.Cli.Tests.Running;
using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Cli.Tests.Commands;

public sealed class HousekeepTests : IDisposable
{
    private readonly Workplace _place = new();

    private string Packs => Path.Combine(_place.Store, "users", "packs");

    private string Commits => Path.Combine(_place.Store, "users", "commits");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Where_there_is_nothing_to_do_a_line_says_so()
    {
        await _place.CreateAsync("alice");
        Assert.Equal(["nothing to do"], (await _place.RunAsync("alice", "housekeep", "team")).Succeeded().Lines);
        var json = (await _place.RunAsync("alice", "housekeep", "team", "--json")).Succeeded().Json;
        Assert.Equal((0, false), (json.GetProperty("packsMade").GetInt32(), json.GetProperty("indexRebuilt").GetBoolean()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("nothingDeletedBecause").ValueKind);
    }

    [Fact]
    public async Task Commits_of_earlier_days_are_packed_and_go_when_the_margin_has_passed()
    {
        await _place.CreateAsync("alice");
        await WriteEarlierAsync("alice", commits: 8);

        var packed = (await _place.RunAsync("alice", "housekeep", "team")).Succeeded();

        Assert.Equal(["new: 0 blocks of the ledger, 8 commits", "packed 8 commits into 1 pack"], packed.Lines);
        File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(Packs)), DateTime.UtcNow.AddHours(-2));
        Assert.Equal(["deleted 8 commits that packs hold"], (await _place.RunAsync("alice", "housekeep", "team")).Succeeded().Lines);
        Assert.False(Directory.Exists(Commits) && Directory.GetFiles(Commits, "*", SearchOption.AllDirectories).Length > 0);
        Assert.Equal("5", (await _place.RunAsync("alice", "cat", "team:5")).Succeeded().Output);
    }

    [Fact]
    public async Task Contents_that_nobody_needs_are_looked_for_once_a_day_and_when_it_is_asked()
    {
        await _place.CreateAsync("alice");
        (await _place.RunAsync("alice", "housekeep", "team")).Succeeded();
        var orphan = _place.Write("store/users/data/20200101000000/00000000000000000000000000", "nobody's");
        File.SetLastWriteTimeUtc(orphan, DateTime.UtcNow.AddDays(-8));
        Assert.Equal(["nothing to do"], (await _place.RunAsync("alice", "housekeep", "team")).Succeeded().Lines);

        var found = (await _place.RunAsync("alice", "housekeep", "team", "--bodies")).Succeeded();

        Assert.Equal(["deleted contents that nobody needs: 1 object, 8 B"], found.Lines);
        Assert.False(File.Exists(orphan));
    }

    [Fact]
    public async Task Who_only_reads_is_told_that_nothing_was_deleted_and_why()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "reader", "r");
        Assert.Equal(["nothing was deleted: this identity may not write"], (await _place.RunAsync("reader", "housekeep", "team")).Succeeded().Lines);
        Assert.Equal("this identity may not write", (await _place.RunAsync("reader", "housekeep", "team", "--json")).Succeeded().Json.GetProperty("nothingDeletedBecause").GetString());
    }

    [Fact]
    public async Task A_vault_that_this_home_does_not_have_is_an_error() => (await _place.RunAsync("alice", "housekeep", "team")).Failed();

    /// <summary>Has a person write on another device two days ago.</summary>
    private async Task WriteEarlierAsync(string person, int commits)
    {
        using var identity = await IdentityFile.ReadAsync(Path.Combine(_place.HomeOf(person), "identities", person + ".id"));
        await using var store = new StoreRegistry().AddLocal().Open(_place.StoreUrl);
        var options = new VaultOpenOptions { IndexPath = _place.Local("other-device/team.db"), Creator = identity.Public, Environment = new VaultEnvironment { Time = new Earlier() } };
        await using var vault = await Vault.OpenAsync(store, identity, options);
        for (var i = 0; i < commits; i++)
            await vault.WriteAsync($"{i}", FileContent.FromBytes(System.Text.Encoding.UTF8.GetBytes($"{i}")));
    }

    private sealed class Earlier : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(-2);
    }
}
