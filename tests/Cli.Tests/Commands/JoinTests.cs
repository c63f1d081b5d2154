using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class JoinTests : IAsyncLifetime
{
    private readonly Workplace _place = new();
    private string _invitation = "";
    private string _bob = "";

    public async ValueTask InitializeAsync()
    {
        await _place.CreateAsync("alice");
        _bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("alice", "grant", "team", _bob, "r")).Succeeded();
        _invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
    }

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_invitation_names_its_realm_and_another_one_is_refused()
    {
        Assert.Contains("realm 'users'", (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--realm", "public")).Failed(2).Error);
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--realm", "users")).Succeeded();
    }

    [Fact]
    public async Task What_stands_in_the_wrong_place_is_told_and_not_shown_again()
    {
        string[][] mistakes =
        [
            ["join", "team", _invitation, "--as", "bob", "--creator", _bob],
            ["join", _invitation, "team", "--as", "bob"],
            ["join", _invitation, _invitation, "--as", "bob"],
            ["join", "file:///srv/x", "team", "--as", "bob", "--creator", _bob],
            ["join", "team", "./store", "--as", "bob"],
            ["join", "team", _place.StoreUrl, "--as", "bob"],
            ["join", "team", _invitation, "--as", "bob", "--url", _invitation],
            ["create", "team", _invitation, "--as", "bob"],
            ["create", _invitation, "./x", "--as", "bob"],
        ];
        foreach (var arguments in mistakes)
        {
            var error = (await _place.RunAsync("bob", arguments)).Failed(2).Error;
            Assert.DoesNotContain(_invitation[..40], error);
            Assert.InRange(error.Length, 20, 350);
        }
        Assert.Contains("--creator", (await _place.RunAsync("bob", mistakes[4])).Error);
        Assert.Contains("comes first", (await _place.RunAsync("bob", mistakes[1])).Error);
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob")).Succeeded();
    }

    [Fact]
    public async Task A_place_with_nothing_in_it_is_named()
    {
        Directory.CreateDirectory(_place.Local("empty"));
        foreach (var folder in new[] { "missing", "empty" })
        {
            var error = (await _place.RunAsync("bob", "join", "team", "./" + folder, "--creator", _bob, "--as", "bob")).Failed().Error;
            Assert.Contains($"nothing at file://{_place.Local(folder)}", error);
            Assert.Contains("nothing at", (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob", "--url", "./" + folder)).Failed().Error);
        }
        Assert.False(Path.Exists(_place.Local("missing")));
        (await _place.RunAsync("bob", "join", "team", _invitation, "--as", "bob")).Succeeded();
        Directory.Move(_place.Store, _place.Local("away"));
        Assert.Contains($"nothing at {_place.StoreUrl}", (await _place.RunAsync("bob", "ls", "team:")).Failed().Error);
    }
}
