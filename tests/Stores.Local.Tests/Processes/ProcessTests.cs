using System.Diagnostics;
using System.Globalization;
using Coffer.Testing;

namespace Coffer.Stores.Local.Tests.Processes;

/// <summary>
/// Races between real processes. File.Move(overwrite: false) fails the first of them: it looks whether the name is free and renames then,
/// and in 191 of 2,000 such races two creators won.
/// </summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_20_processes_that_create_one_key_exactly_one_wins_and_the_object_is_its_own_whole()
    {
        const int Writers = 20;
        const int Rounds = 50;
        var wins = await RunAllAsync(Enumerable.Range(0, Writers).Select(writer =>
            OtherProcess.Start("create", _root.Root, Text(writer), Text(Rounds))));
        var store = _root.Open();
        for (var round = 0; round < Rounds; round++)
        {
            var winners = Enumerable.Range(0, Writers).Where(writer => wins[writer].Contains(Text(round), StringComparer.Ordinal)).ToArray();
            Assert.Single(winners);
            Assert.Equal(OtherProcess.Content(winners[0], round), await store.ReadBytesAsync(StoreKey.Parse($"race/{round}"), cancellationToken: Token));
        }
        Assert.Empty(_root.TemporaryFiles);
    }

    [Fact]
    public async Task A_counter_that_4_processes_increment_by_version_loses_nothing()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("counter"), "0", cancellationToken: Token);
        await RunAllAsync(Enumerable.Range(0, 4).Select(_ => OtherProcess.Start("count", _root.Root, "250")));
        Assert.Equal("1000", await store.ReadTextAsync(StoreKey.Parse("counter"), Token));
    }

    [Fact]
    public async Task A_killed_process_leaves_whole_objects_and_nothing_else_but_temporary_files()
    {
        for (var round = 0; round < 10; round++)
        {
            using var process = OtherProcess.Start("write-for-ever", _root.Root);
            await process.StandardOutput.ReadLineAsync(Token);
            await process.StandardInput.WriteLineAsync();
            await process.StandardInput.FlushAsync(Token);
            var told = 0;
            while (told <= round * 3)
                told = int.Parse((await process.StandardOutput.ReadLineAsync(Token))!, CultureInfo.InvariantCulture) + 1;
            process.Kill();
            told += (await process.StandardOutput.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            await process.WaitForExitAsync(Token);

            var store = _root.Open();
            var created = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var entry in store.ListAsync("created/", cancellationToken: Token))
            {
                var seed = ulong.Parse(entry.Key.Value["created/".Length..], CultureInfo.InvariantCulture);
                Assert.Equal(Pattern.Bytes(seed, 100_000), await store.ReadBytesAsync(entry.Key, cancellationToken: Token));
                created.Add(entry.Key.Value);
            }
            Assert.All(Enumerable.Range(0, told), i => Assert.Contains($"created/{i}", created));
            Assert.Equal(500_000, (await store.ReadBytesAsync(StoreKey.Parse("replaced"), cancellationToken: Token)).Length);
            Directory.Delete(_root.Root, recursive: true);
        }
    }

    private static async Task<List<string[]>> RunAllAsync(IEnumerable<Process> started)
    {
        var processes = started.ToList();
        try
        {
            foreach (var process in processes)
                Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Token));
            foreach (var process in processes)
            {
                await process.StandardInput.WriteLineAsync();
                await process.StandardInput.FlushAsync(Token);
            }
            var outputs = await Task.WhenAll(processes.Select(static process => process.StandardOutput.ReadToEndAsync(Token)));
            foreach (var process in processes)
            {
                await process.WaitForExitAsync(Token);
                Assert.Equal(0, process.ExitCode);
            }
            return [.. outputs.Select(static output => output.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        }
        finally
        {
            processes.ForEach(static process => process.Dispose());
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _root.Dispose();
}
