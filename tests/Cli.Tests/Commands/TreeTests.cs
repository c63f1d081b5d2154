using System.Text;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class TreeTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_tree_with_odd_names_links_and_empty_folders_comes_back_the_same()
    {
        string[] names =
        [
            "plain.txt", "space name", " leading", "trailing ", "+plus", "%41", "#hash", "a:b", "quote\"'`$(x)", "-dash", "--help", "emoji 🙂", "nfc é", "nfd e\u0301", "UPPER", "upper",
            "back\\slash", "line\nbreak", "tab\there", "*?[x]", "@at", "~tilde", "deep/er/and/deeper/file", "deep.er", "deep-er/x", ".hidden", "...", new string('x', 200), "none",
        ];
        foreach (var name in names)
            _place.Write("src/" + name, name == "none" ? "" : "content of " + name);
        File.WriteAllBytes(_place.Local("src/large"), new byte[3_000_000]);
        Directory.CreateDirectory(_place.Local("src/empty/inside"));
        File.CreateSymbolicLink(_place.Local("src/link"), "plain.txt");
        File.CreateSymbolicLink(_place.Local("src/link to folder"), "deep/er");
        File.CreateSymbolicLink(_place.Local("src/dangling"), "/no/such thing %41");
        File.CreateSymbolicLink(_place.Local("src/deep/up"), "../..");
        File.SetUnixFileMode(_place.Local("src/plain.txt"), (UnixFileMode)0x1ED);
        File.SetUnixFileMode(_place.Local("src/UPPER"), (UnixFileMode)0x180);
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1_234_567);
        File.SetLastWriteTimeUtc(_place.Local("src/plain.txt"), time);

        await AliceAsync("put", "src", "team:tree");
        await AliceAsync("get", "team:tree", "back");
        Assert.Equal("", await _place.DiffAsync("src", "back"));
        Assert.Equal(File.GetUnixFileMode(_place.Local("src/plain.txt")), File.GetUnixFileMode(_place.Local("back/plain.txt")));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(_place.Local("back/UPPER")));
        Assert.Equal(time, File.GetLastWriteTimeUtc(_place.Local("back/plain.txt")));
        Assert.Equal("/no/such thing %41", new FileInfo(_place.Local("back/dangling")).LinkTarget);
        Assert.Contains("dangling -> /no/such thing %41", (await AliceAsync("ls", "-l", "team:tree")).Output);
        Assert.Contains("empty/", (await AliceAsync("ls", "team:tree")).Lines);
        Assert.Equal(["inside/"], (await AliceAsync("ls", "team:tree/empty")).Lines);

        // Twice gives the same, and not a folder in the folder.
        await AliceAsync("put", "src", "team:tree");
        await AliceAsync("get", "team:tree", "back");
        Assert.Equal("", await _place.DiffAsync("src", "back"));
        await AliceAsync("rebuild", "team");
        await AliceAsync("get", "team:", "all");
        Assert.Equal("", await _place.DiffAsync("src", "all/tree"));
        await AliceAsync("rm", "-r", "team:tree");
        Assert.Equal("", (await AliceAsync("ls", "team:")).Output);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_told_and_the_rest_goes_on()
    {
        _place.Write("src/good", "good");
        Directory.CreateDirectory(_place.Local("src/sub"));
        // A name that is no UTF-8, a pipe, and a path that is too long for a vault.
        (await _place.ShellAsync("alice", "touch $'src/bad\\xff'; mkfifo src/pipe; ln -s $'to\\xff' src/badlink")).Succeeded();
        var deep = "src/" + string.Join('/', Enumerable.Repeat(new string('d', 200), 5));
        _place.Write(deep + "/" + new string('f', 100), "too deep");
        var run = await _place.RunAsync("alice", "put", "src", "team:", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(4, run.Json.GetProperty("failed").GetInt64());
        Assert.Contains("UTF-8", run.Error);
        Assert.Contains("named pipe", run.Error);
        Assert.Contains("1024 bytes", run.Error.Replace(",", "", StringComparison.Ordinal));
        Assert.All(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("coffer: ", line));
        Assert.Equal("good", (await AliceAsync("cat", "team:src/good")).Output);
        Assert.Contains("src/sub/", (await AliceAsync("ls", "-R", "team:")).Lines);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_that_came_out_of_the_vault()
    {
        Directory.CreateDirectory(_place.Local("outside"));
        // A member plants a link first, and a file behind it afterwards.
        Directory.CreateDirectory(_place.Local("evil"));
        File.CreateSymbolicLink(_place.Local("evil/way"), _place.Local("outside"));
        await AliceAsync("put", "evil", "team:tree");
        await AliceAsync("get", "team:tree", "victim");
        _place.Write("way/planted", "gotcha");
        await AliceAsync("put", "way/planted", "team:tree/way/planted");
        var again = await _place.RunAsync("alice", "get", "team:tree", "victim");
        Assert.Contains("symbolic link", again.Failed().Error);
        // Both at once, into a new folder: the folder is there first, and the link has no place any more.
        (await _place.RunAsync("alice", "get", "team:tree", "victim2")).Failed();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Local("outside")));
        Assert.Equal("gotcha", File.ReadAllText(_place.Local("victim2/way/planted")));
    }

    [Fact]
    public async Task A_file_replaces_a_link_and_never_what_it_points_to()
    {
        _place.Write("precious", "mine");
        _place.Write("new", "theirs");
        await AliceAsync("put", "new", "team:tree/name");
        Directory.CreateDirectory(_place.Local("dest"));
        File.CreateSymbolicLink(_place.Local("dest/name"), _place.Local("precious"));
        await AliceAsync("get", "team:tree", "dest");
        Assert.Equal("mine", File.ReadAllText(_place.Local("precious")));
        Assert.Equal("theirs", File.ReadAllText(_place.Local("dest/name")));
        Assert.Null(new FileInfo(_place.Local("dest/name")).LinkTarget);
    }

    [Fact]
    public async Task A_private_folder_stays_private()
    {
        _place.Write("src/secret/key", "k");
        File.SetUnixFileMode(_place.Local("src/secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await AliceAsync("put", "src", "team:");
        Assert.Equal(["secret/"], (await AliceAsync("ls", "team:src")).Lines);
        await AliceAsync("get", "team:src", "back");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_place.Local("back/secret")));
    }

    [Fact]
    public async Task A_file_of_another_program_is_just_its_content()
    {
        (await _place.RunWithInputAsync("alice", Encoding.UTF8.GetBytes("plain"), "put", "-", "team:x/y")).Succeeded();
        Assert.StartsWith("-  5  ", (await AliceAsync("ls", "-l", "team:x")).Output);
        await AliceAsync("get", "team:x", "back");
        Assert.Equal("plain", File.ReadAllText(_place.Local("back/y")));
    }

    [Fact]
    public async Task Where_a_folder_goes_does_not_hang_on_what_is_there()
    {
        _place.Write("docs/a", "a");
        await AliceAsync("put", "docs", "team:");
        await AliceAsync("put", "docs", "team:x");
        await AliceAsync("put", "docs", "team:y/");
        await AliceAsync("put", "docs/.", "team:z/");
        Assert.Equal(["docs/a", "x/a", "y/docs/a", "z/a"], (await AliceAsync("ls", "-R", "team:")).Lines);
        await AliceAsync("get", "team:docs", "one");
        await AliceAsync("get", "team:docs", "one");
        await AliceAsync("get", "team:docs", "two/");
        Assert.True(File.Exists(_place.Local("one/a")) && File.Exists(_place.Local("two/docs/a")));
        Assert.False(Directory.Exists(_place.Local("one/docs")));
    }

    private async Task<CofferRun> AliceAsync(params string[] arguments) => (await _place.RunAsync("alice", arguments)).Succeeded();
}
