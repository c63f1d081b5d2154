using System.Text.Json;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class PendingTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("sync", "sent: 2 pending files")]
    [InlineData("housekeep", "sent 2 pending files")]
    [InlineData("status", "sent 2 pending files")]
    public async Task What_is_put_asynchronously_is_not_in_the_vault_until_another_command_sends_it(string command, string told)
    {
        await _place.CreateAsync("alice");
        var small = _place.Write("small", "1");
        var large = _place.Write("large", new string('2', 3_000_000));

        var put = (await _place.RunAsync("alice", "put", "--async", small, large, "team:")).Succeeded();

        Assert.StartsWith("accepted 2 files, ", Assert.Single(put.Lines));
        Assert.Contains("'coffer sync team' sends them", put.Error);
        _place.Write("small", "changed since");
        File.Delete(large);
        Assert.Empty((await _place.RunAsync("alice", "ls", "team:")).Succeeded().Lines);
        var pending = (await _place.RunAsync("alice", "pending", "team", "--json")).Succeeded().Json;
        Assert.Equal(["large", "small"], pending.EnumerateArray().Select(static file => file.GetProperty("path").GetString()).Order());
        Assert.All(pending.EnumerateArray(), static file => Assert.Equal(("waiting", JsonValueKind.Null), (file.GetProperty("state").GetString(), file.GetProperty("error").ValueKind)));

        var sent = (await _place.RunAsync("alice", command, "team")).Succeeded();
        Assert.Contains(told, sent.Output + sent.Error);

        Assert.Equal("1", (await _place.RunAsync("alice", "cat", "team:small")).Succeeded().Output);
        Assert.Equal(new string('2', 3_000_000), (await _place.RunAsync("alice", "cat", "team:large")).Succeeded().Output);
        Assert.Equal(["nothing is pending"], (await _place.RunAsync("alice", "pending", "team")).Succeeded().Lines);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_place.HomeOf("alice"), "index", "team.spool")));
    }

    [Fact]
    public async Task A_folder_and_standard_input_go_asynchronously_too_and_pending_waits_for_them()
    {
        await _place.CreateAsync("alice");
        for (var i = 0; i < 50; i++)
            _place.Write($"tree/{i % 5}/{i}", new string('x', i * 3_000));
        File.CreateSymbolicLink(_place.Local("tree/link"), "0/0");
        (await _place.RunAsync("alice", "put", "--async", _place.Local("tree"), "team:")).Succeeded();
        (await _place.RunWithInputAsync("alice", [1, 2, 3], "put", "--async", "-", "team:input")).Succeeded();

        Assert.Equal(["nothing is pending"], (await _place.RunAsync("alice", "pending", "team", "--wait")).Succeeded().Lines);

        (await _place.RunAsync("alice", "get", "team:tree", _place.Local("back"))).Succeeded();
        Assert.Equal("", await _place.DiffAsync(_place.Local("tree"), _place.Local("back")));
        Assert.Equal("\u0001\u0002\u0003", (await _place.RunAsync("alice", "cat", "team:input")).Succeeded().Output);
    }

    [Fact]
    public async Task What_is_refused_is_told_by_each_command_and_kept_until_it_is_tried_again()
    {
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "rw");
        (await _place.RunAsync("bob", "put", "--async", _place.Write("a", "text"), "team:")).Succeeded();
        (await _place.RunAsync("alice", "grant", "team", bob, "r")).Succeeded();

        Assert.Contains("1 file refused; see 'coffer pending team'", (await _place.RunAsync("bob", "sync", "team")).Succeeded().Error);
        Assert.Contains("0 files to be sent, 0 B, 1 refused", (await _place.RunAsync("bob", "status", "team")).Succeeded().Output);
        var listed = (await _place.RunAsync("bob", "pending", "team")).Succeeded();
        Assert.Matches(@"^1  refused  4  \S+ \S+  -  a$", Assert.Single(listed.Lines));
        Assert.Contains("1: ", listed.Error);
        Assert.Contains("may read the vault and not write", listed.Error);
        Assert.Equal(1, (await _place.RunAsync("bob", "pending", "team", "--retry")).ExitCode);
        Assert.Equal(1, (await _place.RunAsync("bob", "pending", "team", "--wait")).ExitCode);
        Assert.Equal("accessDenied", (await _place.RunAsync("bob", "pending", "team", "--json")).Succeeded().Json[0].GetProperty("refusal").GetString());

        (await _place.RunAsync("alice", "grant", "team", bob, "rw")).Succeeded();
        Assert.Equal(["nothing is pending"], (await _place.RunAsync("bob", "pending", "team", "--retry")).Succeeded().Lines);
        Assert.Equal("text", (await _place.RunAsync("alice", "cat", "team:a")).Succeeded().Output);
    }

    [Fact]
    public async Task What_was_not_sent_can_be_taken_back()
    {
        await _place.CreateAsync("alice");
        (await _place.RunAsync("alice", "put", "--async", _place.Write("a", "text"), "team:")).Succeeded();
        (await _place.RunAsync("alice", "put", "--async", _place.Write("b", "text"), "team:")).Succeeded();
        Assert.Contains("Nothing of the number 7 is pending", (await _place.RunAsync("alice", "pending", "team", "--cancel", "7")).Failed().Error);
        Assert.EndsWith("b", Assert.Single((await _place.RunAsync("alice", "pending", "team", "--cancel", "1")).Succeeded().Lines));
        (await _place.RunAsync("alice", "sync", "team")).Succeeded();
        Assert.Equal(["b"], (await _place.RunAsync("alice", "ls", "team:")).Succeeded().Lines);
    }

    [Fact]
    public async Task What_waits_in_a_damaged_home_of_a_vault_is_taken_over_under_another_name()
    {
        await _place.CreateAsync("alice");
        (await _place.RunAsync("alice", "put", "--async", _place.Write("a", "text"), _place.Write("b", new string('b', 200_000)), "team:")).Succeeded();
        var invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
        (await _place.RunAsync("alice", "join", "again", invitation, "--as", "alice", "--url", _place.StoreUrl)).Succeeded();
        var state = Path.Combine(_place.HomeOf("alice"), "index", "team.state.db");
        using (var file = File.OpenWrite(state))
        {
            // What a database begins with; page 1 without it is none.
            file.Write(new byte[16]);
        }
        Assert.Contains("coffer pending NEW --from OLD", (await _place.RunAsync("alice", "sync", "team")).Failed().Error);
        using (var file = File.OpenWrite(state))
            file.Write("SQLite format 3\0"u8);

        var taken = (await _place.RunAsync("alice", "pending", "again", "--from", "team")).Succeeded();

        Assert.Contains("took over 2 files", taken.Error);
        Assert.Equal(2, taken.Lines.Length);
        Assert.Equal(["nothing is pending"], (await _place.RunAsync("alice", "pending", "again", "--wait")).Succeeded().Lines);
        Assert.Equal("text", (await _place.RunAsync("alice", "cat", "again:a")).Succeeded().Output);
        (await _place.RunAsync("alice", "pending", "again", "--from", "nowhere")).Failed();
    }

    [Fact]
    public async Task A_synchronous_put_of_the_same_path_lets_it_go_first()
    {
        await _place.CreateAsync("alice");
        (await _place.RunAsync("alice", "put", "--async", _place.Write("a", "first"), "team:")).Succeeded();
        (await _place.RunAsync("alice", "put", _place.Write("a", "second"), "team:")).Succeeded();
        Assert.Equal("second", (await _place.RunAsync("alice", "cat", "team:a")).Succeeded().Output);
        Assert.Equal(2, (await _place.RunAsync("alice", "versions", "team:a")).Succeeded().Lines.Length);
    }
}
