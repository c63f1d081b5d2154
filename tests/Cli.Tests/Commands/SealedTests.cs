using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class SealedTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_file_for_one_member_is_read_by_two_and_seen_by_no_third()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "r");
        await _place.JoinAsync("alice", "carol", "rw");
        var alice = (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Succeeded().Json.GetProperty("publicId").GetString()!;
        _place.Write("note", "for Bob");
        _place.Write("tree/deep/x", "x");
        (await _place.RunAsync("alice", "put", "note", "team:note", "--to", bob)).Succeeded();
        (await _place.RunAsync("alice", "put", "tree", "team:tree", "--to", bob)).Succeeded();
        (await _place.RunWithInputAsync("alice", "again"u8.ToArray(), "put", "-", "team:note", "--to", bob)).Succeeded();

        Assert.Equal("again", (await _place.RunAsync("bob", "cat", "team:note", "--from", alice)).Succeeded().Output);
        Assert.Equal("for Bob", (await _place.RunAsync("bob", "cat", "team:note", "--from", alice, "--version", "1")).Succeeded().Output);
        Assert.Equal("again", (await _place.RunAsync("alice", "cat", "team:note", "--to", bob)).Succeeded().Output);
        (await _place.RunAsync("bob", "get", "team:tree", "out", "--from", alice, "--to", bob)).Succeeded();
        Assert.Equal("x", await File.ReadAllTextAsync(_place.Local("out/deep/x")));
        Assert.Equal(bob, (await _place.RunAsync("bob", "stat", "team:note", "--from", alice, "--json")).Succeeded().Json.GetProperty("recipient").GetString());
        Assert.Contains("sealed to", (await _place.RunAsync("bob", "stat", "team:note", "--from", alice)).Succeeded().Output);
        var versions = (await _place.RunAsync("bob", "versions", "team:note", "--from", alice, "--json")).Succeeded().Json.EnumerateArray().ToList();
        Assert.Equal([bob, bob], versions.Select(version => version.GetProperty("recipient").GetString()));

        Assert.Empty((await _place.RunAsync("carol", "ls", "-R", "team:")).Succeeded().Lines);
        (await _place.RunAsync("carol", "cat", "team:note", "--from", alice, "--to", bob)).Failed();
        (await _place.RunAsync("carol", "cat", "team:note")).Failed();
    }

    [Fact]
    public async Task Listings_mark_it_and_plain_commands_say_how_to_reach_it()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "rw");
        var alice = (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Succeeded().Json.GetProperty("publicId").GetString()!;
        _place.Write("plain", "1");
        _place.Write("sealed", "2");
        (await _place.RunAsync("alice", "put", "sealed", "team:d/a", "--to", bob)).Succeeded();
        var refused = (await _place.RunAsync("bob", "cat", "team:d/a")).Failed().Error;
        Assert.Contains($"--from {alice} --to {bob}", refused);
        (await _place.RunAsync("alice", "put", "plain", "team:d/a")).Succeeded();

        var names = (await _place.RunAsync("bob", "ls", "team:d")).Succeeded().Lines;
        Assert.Equal("a", names[0]);
        Assert.Matches(@"^a  \(sealed by \w+-\w+-\.\.\. to bob\)$", names[1]);
        Assert.Equal(names, (await _place.RunAsync("bob", "ls", "team:d/a")).Succeeded().Lines);
        Assert.Contains("(sealed by", (await _place.RunAsync("bob", "ls", "-l", "team:d")).Succeeded().Lines[1]);
        var entries = (await _place.RunAsync("bob", "ls", "-R", "team:", "--json")).Succeeded().Json.EnumerateArray().ToList();
        Assert.Equal([null, bob], entries.Select(entry => entry.GetProperty("recipient").GetString()));

        var got = (await _place.RunAsync("bob", "get", "team:d", "out")).Succeeded();
        Assert.Contains("1 file", got.Error);
        Assert.Equal("1", await File.ReadAllTextAsync(_place.Local("out/a")));
        Assert.Contains("only", (await _place.RunAsync("bob", "rm", "team:d/a", "--from", alice)).Failed().Error);
        (await _place.RunAsync("bob", "rm", "-r", "team:d")).Succeeded();
        Assert.Single((await _place.RunAsync("bob", "ls", "team:d")).Succeeded().Lines);
        (await _place.RunAsync("alice", "rm", "team:d/a", "--to", bob)).Succeeded();
        Assert.Empty((await _place.RunAsync("bob", "ls", "-R", "team:")).Succeeded().Lines);
    }

    [Fact]
    public async Task Who_is_no_member_gets_nothing_and_an_id_that_is_none_is_a_mistake()
    {
        await _place.CreateAsync("alice");
        var stranger = await _place.IdentityAsync("dave");
        _place.Write("note", "1");
        Assert.Contains("no member", (await _place.RunAsync("alice", "put", "note", "team:note", "--to", stranger)).Failed().Error);
        foreach (var command in (string[][])[["put", "note", "team:note", "--to", "bob"], ["cat", "team:note", "--from", "bob"], ["rm", "team:note", "--to", "x"]])
            (await _place.RunAsync("alice", command)).Failed(2);
    }
}
