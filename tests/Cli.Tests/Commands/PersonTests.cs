using Coffer.Cli.Tests.Running;
using Coffer.Vaults;

namespace Coffer.Cli.Tests.Commands;

public sealed class PersonTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_member_is_named_by_its_fingerprint_or_the_beginning_of_it()
    {
        var bob = PublicId.Parse(await _place.JoinAsync("alice", "bob", "r"));
        _place.Write("a", "1");
        foreach (var text in new[] { bob.ToString(), bob.Fingerprint, bob.Fingerprint[..11], bob.Fingerprint[..11] + "-...", bob.Fingerprint[..11].Replace("-", ""), bob.Fingerprint.ToUpperInvariant() })
        {
            (await _place.RunAsync("alice", "put", "a", "team:", "--to", text)).Succeeded();
            Assert.Equal("1", (await _place.RunAsync("alice", "cat", "team:a", "--to", text)).Succeeded().Output);
        }
        Assert.Equal("rw", (await _place.RunAsync("alice", "grant", "team", bob.Fingerprint[..11], "rw", "--json")).Succeeded().Json.GetProperty("access").GetString());
        Assert.Equal("none", (await _place.RunAsync("alice", "revoke", "team", bob.Fingerprint[..11], "--json")).Succeeded().Json.GetProperty("access").GetString());
    }

    [Fact]
    public async Task An_identity_of_this_home_is_named_by_its_name()
    {
        var second = (await _place.RunAsync("alice", "id", "new", "second", "--json")).Succeeded().Json.GetProperty("publicId").GetString()!;
        (await _place.RunAsync("alice", "grant", "team", "second", "rw")).Succeeded();
        (await _place.RunAsync("alice", "join", "other", _place.StoreUrl, "--creator", "alice", "--as", "second")).Succeeded();
        _place.Write("a", "1");
        Assert.Contains("(second)", (await _place.RunAsync("alice", "put", "a", "team:", "--to", "second")).Succeeded().Output);
        Assert.Equal("1", (await _place.RunAsync("alice", "cat", "other:a", "--from", "alice")).Succeeded().Output);
        (await _place.RunAsync("alice", "revoke", "team", "second")).Succeeded();
        Assert.DoesNotContain(second, (await _place.RunAsync("alice", "members", "team")).Succeeded().Output);
    }

    [Fact]
    public async Task What_somebody_sealed_who_has_left_is_still_named_by_the_fingerprint()
    {
        var bob = PublicId.Parse(await _place.JoinAsync("alice", "bob", "rw"));
        _place.Write("a", "1");
        (await _place.RunAsync("bob", "put", "a", "team:d/a", "--to", (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Json.GetProperty("fingerprint").GetString()!)).Succeeded();
        (await _place.RunAsync("alice", "revoke", "team", bob.Fingerprint)).Succeeded();
        Assert.Equal("1", (await _place.RunAsync("alice", "cat", "team:d/a", "--from", bob.Fingerprint[..11])).Succeeded().Output);
        (await _place.RunAsync("alice", "get", "team:", "out", "--from", bob.Fingerprint[..11])).Succeeded();
        Assert.Equal("1", File.ReadAllText(_place.Local("out/d/a")));
    }

    [Fact]
    public async Task Who_is_nobody_is_told_with_the_option_and_with_where_ids_are_to_be_had()
    {
        var stranger = PublicId.Parse(await _place.IdentityAsync("stranger"));
        _place.Write("a", "1");
        (string Option, string[] Arguments)[] commands =
        [
            ("--to", ["put", "a", "team:", "--to"]), ("--from", ["cat", "team:a", "--from"]), ("--to", ["rm", "team:a", "--to"]), ("WHO", ["revoke", "team"]),
        ];
        foreach (var (option, arguments) in commands)
        {
            // The first two could name an identity of another home, the last one nobody anywhere.
            foreach (var (text, exitCode) in new[] { ("stranger", 1), ("0a1b2", 1), (stranger.ToString()[..^2], 2) })
            {
                var error = (await _place.RunAsync("alice", [.. arguments, text])).Failed(exitCode).Error;
                Assert.StartsWith($"coffer: {option}: ", error);
                Assert.Contains("'coffer members team'", error);
                Assert.Contains("coffer id show", error);
            }
            var nobody = (await _place.RunAsync("alice", [.. arguments, stranger.Fingerprint])).Failed().Error;
            Assert.StartsWith($"coffer: {option}: ", nobody);
            Assert.Contains("'coffer members team'", nobody);
        }
        Assert.Contains("whole public id", (await _place.RunAsync("alice", "grant", "team", stranger.Fingerprint, "r")).Failed().Error);
        Assert.Contains("whole public id", (await _place.RunAsync("alice", "join", "x", "./store", "--creator", stranger.Fingerprint, "--as", "alice")).Failed().Error);
    }

    [Fact]
    public async Task Who_can_be_two_is_refused()
    {
        var bob = PublicId.Parse(await _place.JoinAsync("alice", "bob", "r"));
        // An identity of this home can be called as the fingerprint of somebody else begins.
        (await _place.RunAsync("alice", "id", "new", bob.Fingerprint[..11])).Succeeded();
        var error = (await _place.RunAsync("alice", "revoke", "team", bob.Fingerprint[..11])).Failed().Error;
        Assert.Contains(bob.Fingerprint, error);
        Assert.Contains("can mean", error);
        (await _place.RunAsync("alice", "revoke", "team", bob.Fingerprint)).Succeeded();
    }

    [Fact]
    public async Task Access_is_not_granted_as_none()
    {
        var bob = await _place.JoinAsync("alice", "bob", "r");
        Assert.Contains("coffer revoke team", (await _place.RunAsync("alice", "grant", "team", bob, "none")).Failed(2).Error);
    }
}
