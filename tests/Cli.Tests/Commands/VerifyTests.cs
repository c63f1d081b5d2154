using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

/// <summary>What people do when a store lost something: <c>verify</c>, <c>repair</c>, <c>settle</c>, <c>accept</c>.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    private string[] Objects(string folder) => [.. Directory.GetFiles(Path.Combine(_place.Store, "users", folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private async Task FillAsync()
    {
        await _place.CreateAsync("alice");
        await _place.JoinAsync("alice", "bob", "rw");
        _place.Write("small", "small");
        _place.Write("large", new string('x', 100_000));
        (await _place.RunAsync("alice", "put", "small", "large", "team:")).Succeeded();
        (await _place.RunAsync("bob", "put", "small", "team:bobs/1")).Succeeded();
        (await _place.RunAsync("bob", "put", "small", "team:bobs/2")).Succeeded();
        (await _place.RunAsync("alice", "sync", "team")).Succeeded();
    }

    [Fact]
    public async Task A_sound_vault_verifies_and_says_what_was_checked()
    {
        await FillAsync();
        var run = (await _place.RunAsync("bob", "verify", "team")).Succeeded();
        Assert.StartsWith("checked 2 blocks of the ledger, 3 commits, 0 packs, 1 object with bodies (not read); read ", run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("sound: ", run.Lines[1], StringComparison.Ordinal);
        var json = (await _place.RunAsync("bob", "verify", "team", "--deep", "--json")).Succeeded().Json;
        Assert.True(json.GetProperty("isSound").GetBoolean());
        Assert.True(json.GetProperty("isDeep").GetBoolean());
        Assert.InRange(json.GetProperty("bytesRead").GetInt64(), 100_000, 110_000);
    }

    [Fact]
    public async Task A_damaged_body_fails_a_deep_check_with_its_file_and_the_evidence()
    {
        await FillAsync();
        var body = Assert.Single(Objects("data"));
        var bytes = await File.ReadAllBytesAsync(body);
        bytes[50_000] ^= 1;
        await File.WriteAllBytesAsync(body, bytes);
        (await _place.RunAsync("bob", "verify", "team")).Succeeded();

        var run = await _place.RunAsync("bob", "verify", "team", "--deep");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("NOT sound: 1 finding", run.Lines[1]);
        Assert.Contains("'large'", run.Lines[2], StringComparison.Ordinal);
        Assert.Contains("expected an object of ", run.Lines[3], StringComparison.Ordinal);
        Assert.Contains("found 1 of 1 pieces that are not what was written", run.Lines[3], StringComparison.Ordinal);
        Assert.Contains("coffer repair team", run.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("small", (await _place.RunAsync("bob", "cat", "team:small")).Succeeded().Output);
    }

    [Fact]
    public async Task Each_device_puts_back_its_own_and_what_nobody_has_is_settled()
    {
        await FillAsync();
        foreach (var commit in Objects("commits"))
            File.Delete(commit);
        File.Delete(Objects("ledger")[0]);

        var alice = await _place.RunAsync("alice", "repair", "team");
        Assert.Equal(1, alice.ExitCode);
        Assert.Equal("put back 1 block of the ledger, 1 commit", alice.Lines[0]);
        Assert.Contains("coffer settle team", alice.Error, StringComparison.Ordinal);

        // Bob's home is lost, and with it what he wrote.
        Directory.Delete(_place.HomeOf("bob"), recursive: true);
        var listed = (await _place.RunAsync("alice", "settle", "team")).Succeeded();
        var writer = listed.Lines[0].Split(' ')[0];
        Assert.Contains("lost: 1-2", listed.Lines[1], StringComparison.Ordinal);
        Assert.Equal(1, (await _place.RunAsync("alice", "settle", "team", writer)).ExitCode);
        Assert.Equal($"settled {writer}: it counts up to 2, without 1-2", Assert.Single((await _place.RunAsync("alice", "settle", "team", writer, "--yes")).Succeeded().Lines));

        (await _place.RunAsync("alice", "verify", "team")).Succeeded();
        Assert.Equal(["large", "small"], (await _place.RunAsync("alice", "ls", "-R", "team:")).Succeeded().Lines);
        Assert.Equal(["nothing to settle"], (await _place.RunAsync("alice", "settle", "team")).Succeeded().Lines);
        Assert.Equal(["nothing to put back"], (await _place.RunAsync("alice", "repair", "team")).Succeeded().Lines);
    }

    [Fact]
    public async Task Findings_are_listed_and_accepted_one_at_a_time()
    {
        await FillAsync();
        Assert.Equal(["no findings"], (await _place.RunAsync("alice", "accept", "team")).Succeeded().Lines);
        File.Delete(Assert.Single(Objects("data")));
        Assert.Equal(1, (await _place.RunAsync("alice", "verify", "team")).ExitCode);

        var listed = (await _place.RunAsync("alice", "accept", "team", "--json")).Succeeded().Json;
        var number = listed[0].GetProperty("number").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(("absence", "nothing"), (listed[0].GetProperty("kind").GetString(), listed[0].GetProperty("found").GetString()));
        Assert.Equal(1, (await _place.RunAsync("alice", "accept", "team", "99")).ExitCode);
        Assert.Equal([$"accepted 1 finding; 0 left"], (await _place.RunAsync("alice", "accept", "team", number)).Succeeded().Lines);
        Assert.Equal(["no findings"], (await _place.RunAsync("alice", "accept", "team")).Succeeded().Lines);
    }

    [Fact]
    public async Task A_vault_can_be_made_with_a_freshness_window()
    {
        await _place.IdentityAsync("alice");
        Assert.Equal(2, (await _place.RunAsync("alice", "create", "team", _place.StoreUrl, "--as", "alice", "--freshness", "10s")).ExitCode);
        (await _place.RunAsync("alice", "create", "team", _place.StoreUrl, "--as", "alice", "--freshness", "2d")).Succeeded();
        Assert.Contains((await _place.RunAsync("alice", "status", "team")).Succeeded().Lines, static line => line.StartsWith("last sign", StringComparison.Ordinal) && line.EndsWith("one is due every 1d", StringComparison.Ordinal));
    }
}
