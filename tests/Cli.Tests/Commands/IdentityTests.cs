using Coffer.Cli.Tests.Running;
using Coffer.Vaults;

namespace Coffer.Cli.Tests.Commands;

public sealed class IdentityTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_new_identity_prints_its_public_id_and_fingerprint_and_can_be_shown_again()
    {
        var made = (await _place.RunAsync("alice", "id", "new", "alice", "--json")).Succeeded().Json;
        var id = PublicId.Parse(made.GetProperty("publicId").GetString()!);
        Assert.Equal("alice", made.GetProperty("name").GetString());
        Assert.Equal(id.Fingerprint, made.GetProperty("fingerprint").GetString());

        var shown = (await _place.RunAsync("alice", "id", "show", "alice")).Succeeded();
        Assert.Contains(id.ToString(), shown.Output);
        Assert.Contains(id.Fingerprint, shown.Output);
    }

    [Fact]
    public async Task All_identities_of_a_home_are_listed_and_one_that_cannot_be_read_is_told()
    {
        Assert.Empty((await _place.RunAsync("alice", "id", "list")).Succeeded().Lines);
        var alice = await _place.IdentityAsync("alice");
        (await _place.RunAsync("alice", "id", "new", "second")).Succeeded();
        var lines = (await _place.RunAsync("alice", "id", "list")).Succeeded().Lines;
        Assert.Equal(2, lines.Length);
        Assert.Equal($"alice   {PublicId.Parse(alice).Fingerprint}  {alice}", lines[0]);
        var json = (await _place.RunAsync("alice", "id", "list", "--json")).Succeeded().Json.EnumerateArray().ToList();
        Assert.Equal(["alice", "second"], json.Select(identity => identity.GetProperty("name").GetString()));
        Assert.Equal(alice, json[0].GetProperty("publicId").GetString());

        File.WriteAllText(Path.Combine(_place.HomeOf("alice"), "identities", "second.id"), "nothing");
        var run = (await _place.RunAsync("alice", "id", "list")).Failed();
        Assert.Contains("second", run.Error);
        Assert.Equal([lines[0].Replace("alice   ", "alice  ")], run.Lines);
    }

    [Fact]
    public async Task An_identity_is_a_file_that_only_its_owner_can_read()
    {
        await _place.IdentityAsync("alice");
        var file = Path.Combine(_place.HomeOf("alice"), "identities", "alice.id");
        Assert.True(File.Exists(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_place.HomeOf("alice")));
        }
    }

    [Fact]
    public async Task An_identity_is_never_overwritten()
    {
        var id = await _place.IdentityAsync("alice");
        Assert.Contains("already", (await _place.RunAsync("alice", "id", "new", "alice")).Failed().Error);
        Assert.Contains(id, (await _place.RunAsync("alice", "id", "show", "alice")).Output);
    }

    [Theory]
    [InlineData("../alice")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData(".hidden")]
    public async Task A_name_that_is_no_file_name_is_refused(string name) => (await _place.RunAsync("alice", "id", "new", name)).Failed(2);

    [Fact]
    public async Task A_locked_identity_opens_with_its_passphrase_alone()
    {
        _place.Write("right.txt", "correct horse\n");
        _place.Write("wrong.txt", "battery staple\n");
        (await _place.RunAsync("alice", "id", "new", "alice", "--passphrase-file", "right.txt")).Succeeded();
        // Whose it is, can be seen without the passphrase.
        (await _place.RunAsync("alice", "id", "show", "alice")).Succeeded();

        Assert.Contains("COFFER_PASSPHRASE", (await _place.RunAsync("alice", "create", "team", _place.Store, "--as", "alice")).Failed().Error);
        (await _place.RunAsync("alice", "create", "team", _place.Store, "--as", "alice", "--passphrase-file", "wrong.txt")).Failed();
        var variable = new Dictionary<string, string> { ["COFFER_PASSPHRASE"] = "correct horse" };
        (await _place.RunAsync("alice", variable, "create", "team", _place.Store, "--as", "alice")).Succeeded();
        (await _place.RunAsync("alice", "ls", "team:", "--passphrase-file", "right.txt")).Succeeded();
        (await _place.RunAsync("alice", variable, "ls", "team:", "--passphrase-file", "wrong.txt")).Failed();
    }

    [Fact]
    public async Task A_passphrase_is_no_argument_and_asking_for_one_needs_a_terminal()
    {
        (await _place.RunAsync("alice", "id", "new", "alice", "--passphrase=secret")).Failed(2);
        (await _place.RunAsync("alice", "id", "new", "alice", "--passphrase")).Failed();
        var variable = new Dictionary<string, string> { ["COFFER_PASSPHRASE"] = "correct horse" };
        (await _place.RunAsync("alice", variable, "id", "new", "alice", "--passphrase")).Succeeded();
        Assert.DoesNotContain("horse", await File.ReadAllTextAsync(Path.Combine(_place.HomeOf("alice"), "identities", "alice.id")));
    }
}
