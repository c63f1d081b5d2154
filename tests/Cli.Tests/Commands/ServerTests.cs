using Coffer.Cli.Tests.Running;
using Coffer.TestServers;

namespace Coffer.Cli.Tests.Commands;

/// <summary>The tool on real servers: only the URL differs.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string> Kinds => ["s3", "sftp", "azblob"];

    private static string UrlOf(string kind) => TestServer.Below(kind switch { "s3" => TestServer.S3, "sftp" => TestServer.Sftp, _ => TestServer.Azure }, "cli-" + TestServer.FreshName());

    [Fact]
    public async Task Who_is_invited_to_a_server_that_is_not_known_here_is_told_which_file_takes_its_key()
    {
        var url = UrlOf("sftp");
        await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "create", "team", url, "--as", "alice")).Succeeded();
        var bob = await _place.IdentityAsync("bob");
        (await _place.RunAsync("alice", "grant", "team", bob, "r")).Succeeded();
        var invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];

        var error = (await _place.RunAsync("bob", "join", "team", invitation, "--as", "bob")).Failed().Error;
        Assert.Contains("host key is not known", error);
        var settings = Path.Combine(_place.HomeOf("bob"), "stores.json");
        Assert.Contains(settings, error);

        // As it says.
        var options = StoreUrl.Parse(url).Options;
        await File.WriteAllTextAsync(settings, $$"""{ "{{url[..url.IndexOf('?', StringComparison.Ordinal)]}}": { "knownHosts": "{{options["knownHosts"]}}", "identityFile": "{{options["identityFile"]}}" } }""");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _place.RunAsync("bob", "join", "team", invitation, "--as", "bob")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_people_share_a_vault_on(string kind)
    {
        var url = UrlOf(kind);
        await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "create", "team", url, "--as", "alice")).Succeeded();
        await _place.JoinAsync("alice", "bob", "rw", url);
        _place.Write("photos/sea.jpg", new string('~', 300_000));
        _place.Write("photos/hill.jpg", "grass");
        (await _place.RunAsync("bob", "put", "photos", "team:")).Succeeded();

        (await _place.RunAsync("alice", "get", "team:photos", "hers")).Succeeded();

        Assert.Equal("", await _place.DiffAsync("photos", "hers"));
        // The options of the URL are kept, and the next command has them.
        Assert.Equal(url, (await _place.RunAsync("alice", "vaults", "--json")).Succeeded().Json[0].GetProperty("url").GetString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_server_is_tried_out_and_a_folder_is_copied_to_it_and_back(string kind)
    {
        var url = UrlOf(kind);
        for (var i = 0; i < 20; i++)
            _place.Write($"from/{i % 3}/a name {i}", new string('x', i * 1000));

        var json = (await _place.RunAsync("alice", "store", "check", url, "--size", "1MiB", "--json")).Succeeded().Json;
        (await _place.RunAsync("alice", "store", "copy", "./from", url)).Succeeded();
        (await _place.RunAsync("alice", "store", "copy", url, "./back")).Succeeded();

        Assert.True(json.GetProperty("canHoldVault").GetBoolean());
        Assert.DoesNotContain(json.GetProperty("trials").EnumerateArray(), trial => trial.GetProperty("result").GetString() == "fails");
        Assert.Equal("Only in back: .coffer-tmp\n", await _place.DiffAsync("from", "back"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Where_nothing_listens_the_error_names_the_store_and_no_secret(string kind)
    {
        var url = kind switch
        {
            "s3" => "s3://bucket?endpoint=http://127.0.0.1:1&region=us-east-1",
            "sftp" => "sftp://me@127.0.0.1:1/x",
            _ => "azblob://account/container?endpoint=http://127.0.0.1:1/account",
        };
        var settings = kind switch
        {
            "s3" => """{ "accessKeyId": "key", "secretAccessKey": "aHVudGVyMg==" }""",
            "sftp" => """{ "password": "aHVudGVyMg==" }""",
            _ => """{ "accountKey": "aHVudGVyMg==" }""",
        };
        var home = Directory.CreateDirectory(_place.HomeOf("alice")).FullName;
        var path = Path.Combine(home, "stores.json");
        await File.WriteAllTextAsync(path, $$"""{ "{{url.Split('?')[0]}}": {{settings}} }""");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var run = await _place.RunAsync("alice", "store", "check", url, "--verbose");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("127.0.0.1", run.Error);
        Assert.DoesNotContain("aHVudGVyMg==", run.Error);
    }
}
