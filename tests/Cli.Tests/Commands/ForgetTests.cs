using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class ForgetTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    private string[] Kept => [.. new[] { "vaults", "index" }.SelectMany(folder => Directory.EnumerateFileSystemEntries(Path.Combine(_place.HomeOf("alice"), folder)))];

    private string[] Stored => [.. Directory.EnumerateFiles(_place.Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_forgotten_vault_is_gone_from_the_home_and_whole_on_the_store()
    {
        _place.Write("a.txt", "a note");
        (await _place.RunAsync("alice", "put", "a.txt", "team:")).Succeeded();
        (await _place.RunAsync("alice", "create", "team.b", "./second", "--as", "alice")).Succeeded();
        var stored = Stored;
        var run = (await _place.RunAsync("alice", "forget", "team", "--yes")).Succeeded();
        Assert.Equal(stored, Stored);
        Assert.All(Kept, path => Assert.StartsWith("team.b.", Path.GetFileName(path)));
        Assert.Contains("no vault 'team'", (await _place.RunAsync("alice", "ls", "team:")).Failed().Error);
        (await _place.RunAsync("alice", "ls", "team.b:")).Succeeded();

        // What it says brings the vault back.
        (await _place.ShellAsync("alice", run.Error[run.Error.IndexOf("coffer join", StringComparison.Ordinal)..].Replace("file://", "'file://").Replace(" --creator", "' --creator"))).Succeeded();
        Assert.Equal("a note", (await _place.RunAsync("alice", "cat", "team:a.txt")).Succeeded().Output);
    }

    [Fact]
    public async Task Nothing_is_forgotten_unless_somebody_says_yes()
    {
        var kept = Kept;
        var error = (await _place.RunAsync("alice", "forget", "team")).Failed().Error;
        Assert.Contains("--yes", error);
        Assert.Contains("not on the store yet", error);
        Assert.Equal(kept, Kept);
        (await _place.RunAsync("alice", "forget", "other", "--yes")).Failed();
        (await _place.RunAsync("alice", "ls", "team:")).Succeeded();
    }

    [Fact]
    public async Task All_of_a_vault_is_only_removed_when_somebody_says_yes()
    {
        _place.Write("a.txt", "a note");
        (await _place.RunAsync("alice", "put", "a.txt", "team:")).Succeeded();
        Assert.Contains("1 file,", (await _place.RunAsync("alice", "rm", "-r", "team:")).Failed().Error);
        Assert.Equal(["a.txt"], (await _place.RunAsync("alice", "ls", "team:")).Succeeded().Lines);
        (await _place.RunAsync("alice", "rm", "-r", "team:", "--yes")).Succeeded();
        Assert.Empty((await _place.RunAsync("alice", "ls", "team:")).Succeeded().Lines);
    }
}
