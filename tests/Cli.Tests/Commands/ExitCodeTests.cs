using System.Net;
using System.Net.Sockets;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

/// <summary>2 is for a command line that is wrong by itself; what hangs on the home, the vault, the store or the machine is 1. As docs/cli.md says.</summary>
public sealed class ExitCodeTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("sync", "no name")]
    [InlineData("status", "../team")]
    [InlineData("forget", "a/b", "--yes")]
    [InlineData("create", "x", "./x", "--as", "no name")]
    [InlineData("create", "x", "./x", "--as", "alice", "--realm", "No Realm")]
    [InlineData("create", "x", "./x", "--as", "alice", "--segment", "1s")]
    [InlineData("create", "x", "./x?create=true", "--as", "alice", "--max-size", "much")]
    [InlineData("create", "x", "s3://", "--as", "alice")]
    [InlineData("create", "x", "sftp://nas/x?connections=many", "--as", "alice")]
    [InlineData("ls", "team")]
    [InlineData("ls", "team:a", "--deep")]
    [InlineData("versions", "team:folder/")]
    public async Task A_command_line_that_is_wrong_by_itself_is_2_and_changes_nothing(params string[] arguments)
    {
        (await _place.RunAsync("alice", arguments)).Failed(2);

        Assert.Equal(["team.json"], Directory.EnumerateFiles(Path.Combine(_place.HomeOf("alice"), "vaults")).Select(Path.GetFileName));
        Assert.Equal(["team:"], (await _place.RunAsync("alice", "vaults", "--json")).Succeeded().Json.EnumerateArray().Select(static vault => vault.GetProperty("name").GetString() + ":"));
    }

    [Theory]
    [InlineData("sync", "other")]
    [InlineData("create", "team", "./x", "--as", "alice")]
    [InlineData("create", "x", "./x", "--as", "nobody")]
    [InlineData("grant", "team", "nobody", "r")]
    [InlineData("cat", "team:none")]
    [InlineData("put", "none", "team:")]
    [InlineData("forget", "team")]
    [InlineData("rm", "-r", "team:")]
    public async Task What_hangs_on_the_home_the_vault_or_the_machine_is_1(params string[] arguments)
    {
        await _place.IdentityAsync("bob");
        _place.Write("a", "1");
        (await _place.RunAsync("alice", "put", "a", "team:")).Succeeded();

        (await _place.RunAsync("alice", arguments)).Failed(1);
    }

    [Fact]
    public async Task A_store_that_is_not_reached_is_1()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        (await _place.RunAsync("alice", "store", "check", $"sftp://me@127.0.0.1:{port}/x")).Failed(1);
    }

    [Fact]
    public async Task A_url_that_is_wrong_in_a_file_of_the_home_is_1_and_the_file_is_named()
    {
        var path = Path.Combine(_place.HomeOf("alice"), "vaults", "team.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("fsync=", "fsink=", StringComparison.Ordinal));

        var error = (await _place.RunAsync("alice", "sync", "team")).Failed(1).Error;

        Assert.Contains(path, error);
        Assert.Contains("no option 'fsink'", error);
    }

    [Theory]
    [InlineData("sftp://me:hunter2@nas/vaults")]
    [InlineData("sftp://me@nas/vaults?password=hunter2")]
    [InlineData("s3://bucket?region=us-east-1&secretAccessKey=hunter2")]
    [InlineData("azblob://account/container?sas=hunter2")]
    public async Task A_secret_on_the_command_line_is_2_and_the_file_for_it_is_named(string url)
    {
        foreach (var command in (string[][])[["store", "check", url], ["store", "copy", "./a", url], ["create", "x", url, "--as", "alice"]])
        {
            var error = (await _place.RunAsync("alice", command)).Failed(2).Error;
            Assert.Contains(Path.Combine(_place.HomeOf("alice"), "stores.json"), error);
            Assert.DoesNotContain("hunter2", error);
        }
    }

    [Theory]
    [InlineData("'coffer store check' needs URL.", "store", "check")]
    [InlineData("'coffer store copy' needs TO.", "store", "copy", "./a")]
    [InlineData("'coffer sync' needs NAME.", "sync")]
    public async Task What_is_missing_is_named(string said, params string[] arguments) => Assert.Contains(said, (await _place.RunAsync("alice", arguments)).Failed(2).Error);
}
