using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Home;

public sealed class StoreSettingsTests : IDisposable
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Workplace _place = new();

    private CofferHome Home => new(_place.HomeOf("alice"));

    public void Dispose() => _place.Dispose();

    private void Write(string json, UnixFileMode mode = OwnersOnly)
    {
        Directory.CreateDirectory(Home.Root);
        File.WriteAllText(Home.StoreSettingsPath, json);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Home.StoreSettingsPath, mode);
    }

    private async Task<string?> PasswordOfAsync(string url) =>
        (await StoreSettings.ReadAsync(Home, TestContext.Current.CancellationToken)).Of(url).GetValueOrDefault("PASSWORD");

    [Theory]
    [InlineData("sftp://me@nas/vaults", "all")]
    [InlineData("sftp://me@nas/vaults/team?create=true", "all")]
    [InlineData("sftp://me@nas/vaults/mine", "mine")]
    [InlineData("sftp://me@nas/vaults/mine/x", "mine")]
    [InlineData("sftp://me@nas/vaults2", null)]
    [InlineData("sftp://you@nas/vaults", null)]
    [InlineData("sftp://me@nas", null)]
    public async Task A_url_has_the_settings_of_the_nearest_name_above_it(string url, string? password)
    {
        Write("""{ "sftp://me@nas/vaults": { "password": "all" }, "sftp://me@nas/vaults/mine/": { "password": "mine" } }""");

        Assert.Equal(password, await PasswordOfAsync(url));
    }

    [Fact]
    public async Task Without_the_file_there_are_none() => Assert.Null(await PasswordOfAsync("sftp://me@nas/vaults"));

    [Theory]
    [InlineData(OwnersOnly | UnixFileMode.GroupRead)]
    [InlineData(OwnersOnly | UnixFileMode.OtherRead)]
    public async Task A_file_that_others_may_read_is_refused(UnixFileMode mode)
    {
        Write("{}", mode);

        Assert.Contains("chmod 600", (await Assert.ThrowsAsync<ToolException>(() => PasswordOfAsync("sftp://me@nas"))).Message);
    }

    [Theory]
    [InlineData("""{ "sftp://me@nas": { "password": hunter2 } }""", "at line 1")]
    [InlineData("""["hunter2"]""", "JSON of this form")]
    [InlineData("""{ "sftp://me@nas": "hunter2" }""", "no object of settings")]
    [InlineData("""{ "sftp://me@nas": { "password": "hunter2", "password": "hunter2" } }""", "stands twice")]
    [InlineData("""{ "sftp://me@nas": { "password": "hunter2", "Password": "hunter2" } }""", "'Password' of \"sftp://me@nas\" stands there twice")]
    [InlineData("""{ "sftp://me@nas": { "x": "hunter2", "password": null } }""", "'password' of \"sftp://me@nas\" is null")]
    [InlineData("""{ "sftp://me@nas": { "password": ["hunter2"] } }""", "'password' of \"sftp://me@nas\" is a list or an object")]
    public async Task A_file_that_is_not_as_it_must_be_is_refused_without_showing_what_is_in_it(string json, string said)
    {
        Write(json);

        var e = await Assert.ThrowsAsync<ToolException>(() => PasswordOfAsync("sftp://me@nas"));

        Assert.Contains(said, e.Message);
        Assert.Contains(Home.StoreSettingsPath, e.Message);
        Assert.DoesNotContain("hunter2", e.ToString());
    }

    [Theory]
    [InlineData("/srv/hunter2")]
    [InlineData("sftp://me@nas/vaults?password=hunter2")]
    [InlineData("sftp://me:hunter2@nas/vaults")]
    public async Task A_name_that_no_store_could_have_is_refused_without_showing_it(string name)
    {
        Write($$"""{ "sftp://me@nas": { "password": "right" }, "{{name}}": { "password": "hunter2" } }""");

        var e = await Assert.ThrowsAsync<ToolException>(() => PasswordOfAsync("sftp://me@nas/vaults"));

        Assert.Contains("name 2 is not the URL of a store without its query", e.Message);
        Assert.DoesNotContain("hunter2", e.ToString());
    }

    [Fact]
    public async Task Numbers_and_truth_values_are_written_as_in_any_json()
    {
        Write("""{ "sftp://me@nas": { "connections": 4, "fsync": false, "create": true, "requestTimeout": "30" } }""");

        var settings = (await StoreSettings.ReadAsync(Home, TestContext.Current.CancellationToken)).Of("sftp://me@nas/vaults");

        Assert.Equal(("4", "false", "true", "30"), (settings["connections"], settings["fsync"], settings["create"], settings["requestTimeout"]));
    }

    [Theory]
    [InlineData("\"no\"", "true or false")]
    [InlineData("1", "true or false")]
    public async Task A_wrong_setting_is_told_with_its_file_and_its_name(string value, string said)
    {
        Write($$"""{ "file://{{_place.Folder}}": { "fsync": {{value}} } }""");

        // Another option of the same name in the URL does not count.
        var error = (await _place.RunAsync("alice", "store", "check", _place.StoreUrl)).Failed().Error;

        Assert.Contains($"the setting 'fsync' of \"file://{_place.Folder}\" in {Home.StoreSettingsPath}", error);
        Assert.Contains(said, error);
    }

    [Fact]
    public async Task Every_command_that_opens_a_store_has_them()
    {
        Write($$"""{ "file://{{_place.Folder}}": { "fsink": "false" } }""");
        await _place.IdentityAsync("alice");

        Assert.Contains("no option 'fsink'", (await _place.RunAsync("alice", "store", "check", "./store")).Failed().Error);
        Assert.Contains("no option 'fsink'", (await _place.RunAsync("alice", "create", "team", "./store", "--as", "alice")).Failed().Error);
    }
}
