using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

/// <summary>What an error or a summary advises can be followed, and says what is so.</summary>
public sealed class AdviceTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_full_vault_says_how_full_it_is_in_units_and_advises_no_command_that_is_not_there()
    {
        (await _place.RunAsync("alice", "create", "small", "./small", "--as", "alice", "--max-size", "1MiB")).Succeeded();
        File.WriteAllBytes(_place.Local("large"), new byte[3 << 20]);
        var error = (await _place.RunAsync("alice", "put", "large", "small:")).Failed().Error;
        Assert.Contains("quota of 1.00 MiB", error);
        Assert.Contains("3.00 MiB more", error);
        Assert.DoesNotContain("'coffer", error);
    }

    [Fact]
    public async Task Who_may_not_do_something_is_told_the_command_that_would_let_them()
    {
        await _place.JoinAsync("alice", "bob", "r");
        _place.Write("a", "1");
        Assert.Contains("'coffer grant NAME PUBLIC_ID rw'", (await _place.RunAsync("bob", "put", "a", "team:")).Failed().Error);
        var stranger = await _place.IdentityAsync("stranger");
        Assert.Contains("'coffer grant NAME PUBLIC_ID r'", (await _place.RunAsync("alice", "put", "a", "team:", "--to", stranger)).Failed().Error);
        (await _place.RunAsync("alice", "create", "site", "./site", "--as", "alice", "--realm", "public")).Succeeded();
        var alice = (await _place.RunAsync("alice", "id", "show", "alice", "--json")).Json.GetProperty("publicId").GetString()!;
        (await _place.RunAsync("eve", "join", "site", "./site", "--creator", alice, "--realm", "public")).Succeeded();
        await _place.IdentityAsync("eve");
        var error = (await _place.RunAsync("eve", "put", "a", "site:")).Failed().Error;
        var advised = error[error.IndexOf("coffer join", StringComparison.Ordinal)..].Replace("IDENTITY", "eve");
        (await _place.ShellAsync("eve", advised)).Succeeded();
    }

    [Fact]
    public async Task An_option_that_put_does_not_know_is_no_file()
    {
        _place.Write("a", "1");
        var error = (await _place.RunAsync("alice", "put", "--from", "a", "team:")).Failed(2).Error;
        Assert.Contains("no option '--from'", error);
        (await _place.ShellAsync("alice", "echo 1 > --odd; coffer put -- --odd team:")).Succeeded();
        Assert.Contains("<SRC>... <NAME:PATH> [options]", (await _place.RunAsync("alice", "put", "--help")).Succeeded().Output);
    }

    [Fact]
    public async Task A_deleted_file_is_not_called_one_that_never_was()
    {
        _place.Write("a", "1");
        (await _place.RunAsync("alice", "put", "a", "team:")).Succeeded();
        (await _place.RunAsync("alice", "rm", "team:a")).Succeeded();
        foreach (var command in (string[][])[["cat", "team:a"], ["get", "team:a", "b"], ["rm", "team:a"], ["stat", "team:a"]])
            Assert.Contains("team:a was deleted. 'coffer versions team:a'", (await _place.RunAsync("alice", command)).Failed().Error);
        Assert.DoesNotContain("never", (await _place.RunAsync("alice", "versions", "team:b")).Failed().Error);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_used_is_called_so_and_no_temporary_name_is_shown()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            // Whoever may do everything is never refused, and so there is nothing to tell.
            return;
        }
        _place.Write("src/closed/a", "1");
        _place.Write("b", "2");
        File.SetUnixFileMode(_place.Local("src/closed"), UnixFileMode.None);
        var put = await _place.RunAsync("alice", "put", "src", "b", "team:");
        Assert.Contains("closed: permission denied", put.Failed().Error);
        Directory.CreateDirectory(_place.Local("out"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = (await _place.RunAsync("alice", "get", "team:b", "out/b")).Failed().Error;
        Assert.DoesNotContain(".part", error);
        Assert.Contains("out/b: permission denied", error);
    }

    [Fact]
    public async Task A_missing_name_says_what_there_is()
    {
        foreach (var command in (string[][])[["id", "show", "bob"], ["create", "x", "./x", "--as", "bob"]])
        {
            var error = (await _place.RunAsync("alice", command)).Failed().Error;
            Assert.Contains("'coffer id list'", error);
            Assert.Contains("'coffer id new bob'", error);
        }
        Assert.Contains("nor any other. Make one", (await _place.RunAsync("bob", "ls", "team:")).Failed().Error);
        Assert.Contains("There are: team.", (await _place.RunAsync("alice", "ls", "other:")).Failed().Error);
    }

    [Fact]
    public async Task Locked_identities_are_listed_as_such()
    {
        var variable = new Dictionary<string, string> { ["COFFER_PASSPHRASE"] = "correct horse" };
        (await _place.RunAsync("alice", variable, "id", "new", "locked", "--passphrase")).Succeeded();
        var lines = (await _place.RunAsync("alice", "id", "list")).Succeeded().Lines;
        Assert.Equal([false, true], lines.Select(line => line.EndsWith("  locked", StringComparison.Ordinal)));
        var json = (await _place.RunAsync("alice", "id", "list", "--json")).Succeeded().Json.EnumerateArray();
        Assert.Equal([false, true], json.Select(identity => identity.GetProperty("isLocked").GetBoolean()));
    }
}
