using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class DayTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Two_people_share_a_folder_for_a_day()
    {
        // Alice makes a vault, lets Bob in, and puts a folder.
        await _place.CreateAsync("alice");
        var bob = await _place.JoinAsync("alice", "bob", "rw");
        _place.Write("photos/sea.jpg", "waves");
        _place.Write("photos/2026/hill.jpg", "grass");
        await RunAsync("alice", "put", "photos", "team:");

        // Bob gets it, adds to it and changes it; Alice sees all of that.
        await RunAsync("bob", "get", "team:photos", "his");
        Assert.Equal("", await _place.DiffAsync("photos", "his"));
        _place.Write("his/sea.jpg", "more waves");
        _place.Write("his/new.jpg", "sky");
        await RunAsync("bob", "put", "his/sea.jpg", "his/new.jpg", "team:photos/");
        await RunAsync("alice", "get", "team:photos", "hers");
        Assert.Equal("", await _place.DiffAsync("his", "hers"));
        Assert.Equal("waves", (await RunAsync("alice", "cat", "team:photos/sea.jpg", "--version", "1")).Output);
        var versions = (await RunAsync("alice", "versions", "team:photos/sea.jpg", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal(bob, versions[1].GetProperty("author").GetString());

        // Alice removes a file; Bob does not see it any more.
        await RunAsync("alice", "rm", "team:photos/new.jpg");
        Assert.DoesNotContain("new.jpg", (await RunAsync("bob", "ls", "team:photos")).Output);

        // Bob leaves. What he wrote stays; what comes later he cannot read, and he can add nothing.
        await RunAsync("alice", "revoke", "team", bob);
        _place.Write("later.txt", "without Bob");
        await RunAsync("alice", "put", "later.txt", "team:");
        var denied = await _place.RunAsync("bob", "cat", "team:later.txt");
        Assert.Equal((1, ""), (denied.ExitCode, denied.Output));
        Assert.Contains("no access", denied.Error);
        Assert.Equal(1, (await _place.RunAsync("bob", "put", "later.txt", "team:")).ExitCode);
        Assert.Equal("more waves", (await RunAsync("alice", "cat", "team:photos/sea.jpg")).Output);

        // Carol joins later, and reads everything, also what Bob wrote.
        await _place.JoinAsync("alice", "carol", "r");
        Assert.Equal("more waves", (await RunAsync("carol", "cat", "team:photos/sea.jpg")).Output);
        Assert.Equal("without Bob", (await RunAsync("carol", "cat", "team:later.txt")).Output);
        await RunAsync("carol", "rebuild", "team");
        Assert.Equal((await RunAsync("alice", "ls", "-R", "team:")).Output, (await RunAsync("carol", "ls", "-R", "team:")).Output);
    }

    [Fact]
    public async Task The_demo_tells_its_story_and_leaves_nothing()
    {
        var temporary = Directory.CreateDirectory(_place.Local("tmp")).FullName;
        var run = await _place.RunAsync("alice", new Dictionary<string, string> { ["TMPDIR"] = temporary }, "demo");
        run.Succeeded();
        Assert.Equal("", run.Error);
        Assert.Contains("We meet at the station, at ten.", run.Output);
        Assert.Contains("can be found: 0 of", run.Output);
        Assert.Contains("has no access", run.Output);
        Assert.Contains("got 3 files", run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.False(Directory.Exists(_place.HomeOf("alice")));
    }

    private async Task<CofferRun> RunAsync(string person, params string[] arguments) => (await _place.RunAsync(person, arguments)).Succeeded();
}
