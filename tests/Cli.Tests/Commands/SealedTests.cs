using Coffer.Cli.Tests.Running;
using Coffer.Vaults;

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
        Assert.Contains($"--from {PublicId.Parse(alice).Fingerprint}", refused);
        (await _place.RunAsync("alice", "put", "plain", "team:d/a")).Succeeded();

        var names = (await _place.RunAsync("bob", "ls", "team:d")).Succeeded().Lines;
        Assert.Equal(["a", "a"], names);
        Assert.Equal(names, (await _place.RunAsync("bob", "ls", "team:d/a")).Succeeded().Lines);
        var rows = (await _place.RunAsync("bob", "ls", "-l", "team:d")).Succeeded().Lines;
        Assert.Matches(@"  \w+-\w+-\.\.\.  -       a$", rows[0]);
        Assert.Matches(@"  \w+-\w+-\.\.\.  to:bob  a$", rows[1]);
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
            (await _place.RunAsync("alice", command)).Failed();
    }

    [Fact]
    public async Task A_name_cannot_pass_itself_off_as_sealed()
    {
        await _place.CreateAsync("alice");
        _place.Write("src/to:bob  a", "1");
        _place.Write("src/a  (sealed by alice to bob)", "2");
        (await _place.RunAsync("alice", "put", "src", "team:d")).Succeeded();
        var rows = (await _place.RunAsync("alice", "ls", "-l", "team:d")).Succeeded().Lines;
        Assert.All(rows, row => Assert.Equal("-", row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5]));
    }

    [Fact]
    public async Task A_folder_of_which_everything_is_sealed_is_not_got_or_removed_in_silence()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "bob", "rw");
        _place.Write("src/a", "1");
        _place.Write("src/b", "2");
        var fingerprint = await FingerprintAsync("bob");
        (await _place.RunAsync("alice", "put", "src", "team:d", "--to", fingerprint)).Succeeded();

        foreach (var arguments in (string[][])[["get", "team:d", "out"], ["rm", "-r", "team:d"], ["rm", "-r", "team:", "--yes"], ["get", "team:d", "out", "--from", fingerprint]])
            Assert.Contains("2 files", (await _place.RunAsync("alice", arguments)).Failed().Error);
        Assert.False(Path.Exists(_place.Local("out")));

        // With the seal, a folder is got and removed as a file is.
        (await _place.RunAsync("alice", "get", "team:d", "out", "--to", fingerprint)).Succeeded();
        Assert.Equal("", await _place.DiffAsync("src", "out"));
        Assert.Contains("2 files", (await _place.RunAsync("alice", "rm", "-r", "team:d", "--to", fingerprint)).Succeeded().Output);
        Assert.Empty((await _place.RunAsync("bob", "ls", "-R", "team:")).Succeeded().Lines);
    }

    [Fact]
    public async Task Removing_all_counts_what_it_removes_and_says_what_stays()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "bob", "rw");
        _place.Write("a", "1");
        _place.Write("b", "2");
        var bob = await FingerprintAsync("bob");
        (await _place.RunAsync("alice", "put", "a", "b", "team:")).Succeeded();
        (await _place.RunAsync("alice", "put", "a", "team:", "--to", bob)).Succeeded();

        var asked = (await _place.RunAsync("alice", "rm", "-r", "team:")).Failed().Error;
        Assert.Contains("2 files", asked);
        Assert.Contains("1 that you can see", asked);
        Assert.Contains("1 file,", (await _place.RunAsync("alice", "rm", "-r", "team:", "--to", bob)).Failed().Error);
        (await _place.RunAsync("alice", "rm", "-r", "team:", "--yes")).Succeeded();
        Assert.Equal(["a"], (await _place.RunAsync("bob", "ls", "-R", "team:")).Succeeded().Lines);
    }

    [Fact]
    public async Task Several_seals_of_a_path_are_told_one_per_line_as_options_that_can_be_used()
    {
        await _place.CreateAsync("alice");
        _place.Write("a", "1");
        foreach (var person in new[] { "bob", "carol" })
        {
            await _place.JoinAsync("alice", person, "rw");
            (await _place.RunAsync("alice", "put", "a", "team:", "--to", await FingerprintAsync(person))).Succeeded();
        }
        foreach (var command in (string[][])[["cat", "team:a"], ["versions", "team:a"], ["rm", "team:a"]])
        {
            var run = await _place.RunAsync("alice", command);
            Assert.Equal(1, run.ExitCode);
            var lines = run.Error.TrimEnd().Split('\n');
            Assert.Equal(3, lines.Length);
            foreach (var options in lines[1..].Select(line => line["coffer: ".Length..].Trim().Split(' ')))
                Assert.Equal("1", (await _place.RunAsync("alice", ["cat", "team:a", .. options])).Succeeded().Output);
        }
    }

    [Fact]
    public async Task A_sealed_put_says_to_whom_and_a_deleted_one_says_how_its_versions_are_read()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "bob", "r");
        var bob = await FingerprintAsync("bob");
        _place.Write("a", "1");
        Assert.EndsWith($", sealed to {bob}\n", (await _place.RunAsync("alice", "put", "a", "team:", "--to", bob)).Succeeded().Output);
        (await _place.RunAsync("alice", "rm", "team:a", "--to", bob)).Succeeded();
        Assert.Contains($"'coffer versions team:a --to {bob}'", (await _place.RunAsync("alice", "cat", "team:a", "--to", bob)).Failed().Error);
        var versions = (await _place.RunAsync("alice", "versions", "team:a")).Failed().Error;
        Assert.DoesNotContain("never", versions);
        Assert.Equal("1", (await _place.RunAsync("alice", "cat", "team:a", "--to", bob, "--version", "1")).Succeeded().Output);
    }

    [Fact]
    public async Task In_a_public_vault_anybody_is_sealed_to_by_the_whole_public_id()
    {
        await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "create", "site", _place.StoreUrl, "--as", "alice", "--realm", "public")).Succeeded();
        var dave = await _place.IdentityAsync("dave");
        var invitation = (await _place.RunAsync("alice", "invite", "site")).Succeeded().Lines[^1];
        (await _place.RunAsync("dave", "join", "site", invitation, "--as", "dave")).Succeeded();
        _place.Write("a", "1");
        (await _place.RunAsync("alice", "put", "a", "site:", "--to", PublicId.Parse(dave).Fingerprint)).Failed();
        (await _place.RunAsync("alice", "put", "a", "site:", "--to", dave)).Succeeded();
        Assert.Equal("1", (await _place.RunAsync("dave", "cat", "site:a", "--from", await FingerprintAsync("alice"))).Succeeded().Output);
    }

    private async Task<string> FingerprintAsync(string person) =>
        (await _place.RunAsync(person, "id", "show", person, "--json")).Succeeded().Json.GetProperty("fingerprint").GetString()!;
}
