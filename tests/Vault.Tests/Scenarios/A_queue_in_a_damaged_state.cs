using System.Globalization;
using Coffer.Vaults.Databases;
using Coffer.Vaults.State;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What was accepted and not sent is saved from a state that is damaged, as far as it can be read.</summary>
public sealed class A_queue_in_a_damaged_state
{
    private const int PageSize = 4096;
    private const int Singles = 200;
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };
    private static readonly QueueOptions OnlyAccepts = new() { Sends = false };

    [Fact]
    public async Task Whichever_page_is_damaged_what_can_be_read_is_whole_and_most_of_it()
    {
        await using var team = new Team();
        var index = await FillAsync(team);
        var whole = await File.ReadAllBytesAsync(new LocalPaths(index).State);
        var all = Read(new LocalPaths(index));
        Assert.Equal(Singles + 2, all.Count);
        var poor = 0;
        for (var page = 0; page < whole.Length / PageSize; page++)
        {
            var copied = new LocalPaths(team.NewIndex());
            copied.CreateFolder();
            var damaged = whole.ToArray();
            damaged.AsSpan(page * PageSize, PageSize).Fill((byte)(page % 2 * 0xA5));
            await File.WriteAllBytesAsync(copied.State, damaged);
            try
            {
                var read = Read(copied);
                Assert.All(read, call => Assert.Equal(all.Single(one => one.Id == call.Id).Files.Select(static file => file.Plan.Id), call.Files.Select(static file => file.Plan.Id)));
                poor += read.Count < Singles / 2 ? 1 : 0;
            }
            catch (VaultException)
            {
                poor++;
            }
        }
        // Only the pages that lead to others take most with them: the first of the file, and the upper ones of the two tables.
        Assert.InRange(poor, 1, whole.Length / PageSize / 5);
    }

    [Fact]
    public async Task A_new_device_takes_over_what_was_not_sent_and_it_arrives_once()
    {
        await using var team = new Team();
        var index = await FillAsync(team);
        var paths = new LocalPaths(index);
        using (var state = File.OpenWrite(paths.State))
        {
            // In the middle, where the contents are.
            state.Position = state.Length / PageSize / 2 * PageSize;
            state.Write(new byte[PageSize]);
        }
        var alice = await team.OpenAsync(team.Alice, queue: OnlyAccepts);
        var taken = await alice.SalvagePendingAsync(index);
        Assert.InRange(taken.Count, Singles / 2, Singles + 31);
        Assert.Empty(await alice.SalvagePendingAsync(index));
        await alice.WaitFilesAsync();
        Assert.Empty(await alice.SalvagePendingAsync(index));
        Assert.Equal(taken.Order(StringComparer.Ordinal), await alice.AllAsync());
        Assert.Equal(taken.Count, (await alice.GetStatusAsync()).Versions);
        foreach (var path in taken.Where(static path => path.StartsWith("single/", StringComparison.Ordinal)))
            Assert.Equal(Text(path["single/".Length..]), await alice.ReadTextAsync(path));
        Assert.InRange(taken.Count(static path => path.StartsWith("batch/", StringComparison.Ordinal)) % 30, 0, 0);
        if (taken.Contains("large"))
            Assert.Equal(300_000, (await alice.ReadBytesAsync("large")).Length);
    }

    [Fact]
    public async Task Nothing_is_taken_from_the_state_of_another_vault_or_from_none()
    {
        await using var team = new Team();
        var index = await FillAsync(team);
        await using var others = new Team();
        var other = await others.CreateAsync();
        Assert.Contains("another vault", (await Assert.ThrowsAsync<VaultException>(() => other.SalvagePendingAsync(index))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no", (await Assert.ThrowsAsync<VaultException>(() => other.SalvagePendingAsync(others.NewIndex()))).Message, StringComparison.Ordinal);
        Assert.Empty(await other.GetPendingAsync());
    }

    private static string Text(string number) => string.Concat(Enumerable.Repeat(number + " ", 100));

    private static List<PendingTable.PendingCall> Read(LocalPaths paths)
    {
        using var state = new DamagedState(paths);
        return state.Pending();
    }

    /// <summary>A device that accepted single writes, a batch in their middle, and a large one, and was closed.</summary>
    private static async Task<string> FillAsync(Team team)
    {
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        for (var i = 0; i < Singles; i++)
        {
            if (i == Singles / 4)
                await alice.WriteManyAsync([.. Enumerable.Range(0, 30).Select(static number => new FileWrite($"batch/{number}", Bytes(1_000, (byte)number), Async))]);
            var number = i.ToString(CultureInfo.InvariantCulture);
            await alice.WriteTextAsync("single/" + number, Text(number), Async);
        }
        await alice.WriteAsync("large", Bytes(300_000), Async);
        await team.CloseAsync(alice);
        return index;
    }
}
