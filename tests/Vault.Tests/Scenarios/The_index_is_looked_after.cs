using Coffer.Stores;
using Microsoft.Data.Sqlite;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Housekeeping checks the index of a device once a day, and makes it anew when its file is damaged.</summary>
public sealed class The_index_is_looked_after : IAsyncDisposable
{
    private readonly JumpingTime _time = new();
    private readonly MemoryStore _memory;
    private readonly Team _team;

    public The_index_is_looked_after()
    {
        _memory = new MemoryStore("looked-after", _time);
        _team = new Team(_memory, _time);
    }

    [Fact]
    public async Task A_damaged_index_is_noticed_and_made_anew()
    {
        var index = _team.NewIndex();
        await WriteAsync(await _team.CreateAsync(index: index));
        Damage(index, generation: 1);
        var alice = await _team.OpenAsync(_team.Alice, index);

        var report = await alice.HousekeepAsync();

        Assert.True(report.IndexRebuilt);
        Assert.False(File.Exists(IndexFile(index, 1)));
        Assert.Equal(50, (await alice.AllAsync()).Length);
        await alice.WriteTextAsync("more", "x");
        Assert.False((await alice.HousekeepAsync()).IndexRebuilt);
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task The_check_is_made_once_a_day()
    {
        var index = _team.NewIndex();
        var first = await _team.CreateAsync(index: index);
        Assert.False((await first.HousekeepAsync()).IndexRebuilt);
        await WriteAsync(first);
        Damage(index, generation: 1);
        var alice = await _team.OpenAsync(_team.Alice, index);

        _time.Jump(TimeSpan.FromHours(23));
        Assert.False((await alice.HousekeepAsync()).IndexRebuilt);
        _time.Jump(TimeSpan.FromHours(2));
        Assert.True((await alice.HousekeepAsync()).IndexRebuilt);
    }

    [Fact]
    public async Task The_steps_of_a_round_are_told_as_they_begin()
    {
        var alice = await _team.CreateAsync();
        var steps = new List<HousekeepingStep>();

        await alice.HousekeepAsync(new HousekeepOptions { Progress = new Noting(steps) });
        await alice.HousekeepAsync(new HousekeepOptions { Progress = new Noting(steps) });

        HousekeepingStep[] all = [HousekeepingStep.Index, HousekeepingStep.Sync, HousekeepingStep.Packing, HousekeepingStep.Deleting, HousekeepingStep.Merging, HousekeepingStep.Bodies];
        Assert.Equal([.. all, .. all[..^1]], steps);
    }

    private async Task WriteAsync(Vault vault)
    {
        await vault.WriteManyAsync([.. Enumerable.Range(0, 50).Select(static i => new FileWrite($"{i}", Bytes(10)))]);
        await _team.CloseAsync(vault);
    }

    private static string IndexFile(string index, int generation) => $"{index[..^3]}.index-{generation}.db";

    /// <summary>Overwrites a page that only new changes would read.</summary>
    private static void Damage(string index, int generation)
    {
        var path = IndexFile(index, generation);
        long page;
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); SELECT rootpage * (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name='changes_record'";
            using var reader = command.ExecuteReader();
            reader.NextResult();
            reader.Read();
            page = reader.GetInt64(0);
        }
        using var file = File.OpenWrite(path);
        file.Position = page - 4096;
        file.Write(new byte[4096]);
    }

    private sealed class Noting(List<HousekeepingStep> steps) : IProgress<HousekeepingStep>
    {
        public void Report(HousekeepingStep value) => steps.Add(value);
    }

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
