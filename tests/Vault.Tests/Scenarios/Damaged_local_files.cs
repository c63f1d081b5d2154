using Coffer.Vaults.Databases;
using Coffer.Vaults.Tests.Crashes;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A disk that gives back something else than what was written. The index comes back by itself; the state says so.</summary>
public sealed class Damaged_local_files
{
    private const int Files = 60;
    private const int PageSize = 4096;

    public static TheoryData<string> Damages => ["cut off", "cut to nothing", "cut within a page", "garbage at the beginning", "garbage behind the beginning", "an older copy"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task An_index_that_is_damaged_comes_back_from_the_store(string damage)
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("early", "text");
        await team.CloseAsync(alice);
        var file = new LocalPaths(index).Index(1);
        var older = await File.ReadAllBytesAsync(file);
        alice = await team.OpenAsync(team.Alice, index);
        await FillAsync(alice);
        await team.CloseAsync(alice);
        var whole = await File.ReadAllBytesAsync(file);
        byte[] garbage = [.. Enumerable.Range(0, PageSize).Select(static i => (byte)(i * 31))];
        await File.WriteAllBytesAsync(file, damage switch
        {
            "cut off" => whole[..(whole.Length / PageSize / 2 * PageSize)],
            "cut to nothing" => [],
            "cut within a page" => whole[..(whole.Length - (PageSize * 3 / 2))],
            "garbage at the beginning" => [.. garbage, .. whole[PageSize..]],
            "garbage behind the beginning" => [.. whole[..100], .. garbage, .. whole[(100 + PageSize)..]],
            _ => older,
        });

        await RequireAllAsync(team, index);
    }

    [Fact]
    public async Task Whichever_page_of_the_index_is_damaged_it_comes_back_from_the_store()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("early", "text");
        await FillAsync(alice);
        await team.CloseAsync(alice);
        var paths = new LocalPaths(index);
        var (state, whole) = (await File.ReadAllBytesAsync(paths.State), await File.ReadAllBytesAsync(paths.Index(1)));
        for (var page = 0; page < whole.Length / PageSize; page++)
        {
            var copy = team.NewIndex();
            var copied = new LocalPaths(copy);
            copied.CreateFolder();
            await File.WriteAllBytesAsync(copied.State, state);
            var damaged = whole.ToArray();
            damaged.AsSpan(page * PageSize, PageSize).Fill((byte)(page % 2 * 0xA5));
            await File.WriteAllBytesAsync(copied.Index(1), damaged);
            await RequireAllAsync(team, copy);
        }
    }

    [Fact]
    public async Task Files_that_come_back_without_their_write_ahead_logs_go_on_without_a_false_alarm()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("early", "text");
        await FillAsync(alice);
        // What a machine has that lost its power, and then its logs.
        var copied = new LocalPaths(team.NewIndex());
        copied.CreateFolder();
        var paths = new LocalPaths(index);
        File.Copy(paths.State, copied.State);
        File.Copy(paths.State + "-wal", copied.State + "-wal");
        File.Copy(paths.Index(1), copied.Index(1));

        await RequireAllAsync(team, Path.Combine(copied.Folder, "team.db"));
    }

    [Fact]
    public async Task An_index_that_is_damaged_while_the_vault_is_open_costs_at_most_one_call()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("early", "text");
        await FillAsync(alice);
        await team.CloseAsync(alice);
        var file = new LocalPaths(index).Index(1);
        alice = await team.OpenAsync(team.Alice, index);
        await using (var damaged = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            damaged.Position = PageSize;
            damaged.Write(new byte[damaged.Length - PageSize]);
        }
        var failed = 0;
        await OnceMoreAsync(() => alice.WriteTextAsync("late", "text"));
        await OnceMoreAsync(() => RequireContentsAsync(alice));
        Assert.InRange(failed, 0, 1);
        Assert.Equal("text", await (await team.OpenAsync(team.Alice)).ReadTextAsync("late"));
        Assert.All(alice.GetFindings(), static found => Assert.Equal(FindingKind.LocalDamage, found.Finding.Kind));

        async Task OnceMoreAsync(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (VaultException fault)
            {
                Assert.Contains("Do again", fault.Message, StringComparison.Ordinal);
                failed++;
                await call();
            }
        }
    }

    private static Task FillAsync(Vault vault) =>
        vault.WriteManyAsync([.. Enumerable.Range(0, Files).Select(static i => new FileWrite($"files/{i}", TextFiles.Content($"text {i}")))]);

    private static async Task RequireContentsAsync(Vault vault)
    {
        Assert.Equal("text", await vault.ReadTextAsync("early"));
        for (var i = 0; i < Files; i++)
            Assert.Equal($"text {i}", System.Text.Encoding.UTF8.GetString(await vault.ReadBytesAsync($"files/{i}")));
    }

    private static async Task RequireAllAsync(Team team, string index)
    {
        var vault = await team.OpenAsync(team.Alice, index);
        await vault.HousekeepAsync();
        await RequireContentsAsync(vault);
        await vault.WriteTextAsync("one more", "text");
        Assert.Equal(Files, (await vault.NamesAsync("files")).Length);
        Assert.All(vault.GetFindings(), static found => Assert.Equal(FindingKind.LocalDamage, found.Finding.Kind));
        await team.CloseAsync(vault);
        LocalFiles.RequireWhole(index);
    }
}
