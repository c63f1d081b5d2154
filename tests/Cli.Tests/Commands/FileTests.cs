using System.Security.Cryptography;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class FileTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_is_put_listed_shown_and_got()
    {
        _place.Write("notes.txt", "a note");
        var put = await AliceAsync("put", "notes.txt", "team:docs/", "--json");
        Assert.Equal((1, 6, 0), (put.Json.GetProperty("files").GetInt64(), put.Json.GetProperty("bytes").GetInt64(), put.Json.GetProperty("failed").GetInt64()));

        Assert.Equal(["docs/"], (await AliceAsync("ls", "team:")).Lines);
        Assert.Equal(["notes.txt"], (await AliceAsync("ls", "team:docs")).Lines);
        Assert.Equal(["notes.txt"], (await AliceAsync("ls", "team:docs/notes.txt")).Lines);
        var row = Assert.Single((await AliceAsync("ls", "-l", "team:docs/")).Lines);
        Assert.Matches(@"^-rw[rwx-]{7}  6  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  alice  -  notes.txt$", row);

        var entry = Assert.Single((await AliceAsync("ls", "-R", "team:", "--json")).Json.EnumerateArray());
        Assert.Equal(("docs/notes.txt", "file", 6), (entry.GetProperty("path").GetString(), entry.GetProperty("type").GetString(), entry.GetProperty("size").GetInt64()));
        var stat = (await AliceAsync("stat", "team:docs/notes.txt", "--json")).Json;
        Assert.Equal(entry.GetProperty("versionId").GetString(), stat.GetProperty("versionId").GetString());
        Assert.Contains("6 bytes", (await AliceAsync("stat", "team:docs/notes.txt")).Output);

        Assert.Equal("a note", (await AliceAsync("cat", "team:docs/notes.txt")).Output);
        Assert.Equal("a note", (await AliceAsync("get", "team:docs/notes.txt", "-")).Output);
        await AliceAsync("get", "team:docs/notes.txt", "copy.txt");
        Assert.Equal("a note", File.ReadAllText(_place.Local("copy.txt")));
        Directory.CreateDirectory(_place.Local("folder"));
        await AliceAsync("get", "team:docs/notes.txt", "folder");
        await AliceAsync("get", "team:docs/notes.txt", "other/");
        Assert.True(File.Exists(_place.Local("folder/notes.txt")) && File.Exists(_place.Local("other/notes.txt")));
    }

    [Fact]
    public async Task Every_version_can_be_read_by_its_number()
    {
        foreach (var text in new[] { "one", "two" })
            await _place.RunWithInputAsync("alice", System.Text.Encoding.UTF8.GetBytes(text), "put", "-", "team:a");
        await AliceAsync("rm", "team:a");
        await _place.RunWithInputAsync("alice", "four"u8.ToArray(), "put", "-", "team:a");

        var versions = (await AliceAsync("versions", "team:a", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4], versions.Select(version => version.GetProperty("number").GetInt32()));
        Assert.Equal([false, false, true, false], versions.Select(version => version.GetProperty("isDelete").GetBoolean()));
        Assert.Contains("deleted", (await AliceAsync("versions", "team:a")).Lines[2]);

        Assert.Equal("one", (await AliceAsync("cat", "team:a", "--version", "1")).Output);
        await AliceAsync("get", "team:a", "old", "--version", "2");
        Assert.Equal("two", File.ReadAllText(_place.Local("old")));
        Assert.Equal("four", (await AliceAsync("cat", "team:a")).Output);
        Assert.Contains("deleted", (await _place.RunAsync("alice", "cat", "team:a", "--version", "3")).Failed().Error);
        Assert.Contains("1 to 4", (await _place.RunAsync("alice", "cat", "team:a", "--version", "5")).Failed().Error);
        (await _place.RunAsync("alice", "cat", "team:a", "--version", "0")).Failed();
    }

    [Fact]
    public async Task A_folder_has_no_versions_and_a_version_is_a_number()
    {
        _place.Write("src/d/a", "a");
        await AliceAsync("put", "src/.", "team:");
        // The one is a folder by what the vault has, the others are by what was typed.
        foreach (var (place, exitCode) in new[] { ("team:d", 1), ("team:d/", 2), ("team:", 2) })
        {
            Assert.Contains("folder", (await _place.RunAsync("alice", "get", place, "out", "--version", "1")).Failed(exitCode).Error);
            Assert.Contains("folder", (await _place.RunAsync("alice", "versions", place)).Failed(exitCode).Error);
            Assert.Contains("folder", (await _place.RunAsync("alice", "cat", place)).Failed(exitCode).Error);
        }
        Assert.Contains("no team:none.", (await _place.RunAsync("alice", "get", "team:none", "out", "--version", "1")).Failed().Error);
        foreach (var text in new[] { "x", "-1", "1.0", "99999999999" })
        {
            var error = (await _place.RunAsync("alice", "cat", "team:d/a", $"--version={text}")).Failed(2).Error;
            Assert.Contains($"'{text}' is no number of a version", error);
        }
        Assert.False(Path.Exists(_place.Local("out")));
    }

    [Fact]
    public async Task What_stands_in_the_way_of_a_file_is_named()
    {
        _place.Write("a.txt", "a note");
        await AliceAsync("put", "a.txt", "team:");
        Directory.CreateDirectory(_place.Local("out/a.txt"));
        Assert.Contains("out/a.txt is a folder", (await _place.RunAsync("alice", "get", "team:a.txt", "out")).Failed().Error);
        Assert.Contains("a.txt is a file", (await _place.RunAsync("alice", "get", "team:a.txt", "a.txt/b")).Failed().Error);
        Assert.Contains("a.txt is a file, and a folder is needed there", (await _place.RunAsync("alice", "get", "team:a.txt", "a.txt/b/c")).Failed().Error);
        Assert.Contains("no such file", (await _place.RunAsync("alice", "id", "new", "locked", "--passphrase-file", "none")).Failed().Error);
    }

    [Fact]
    public async Task A_file_without_permissions_is_listed_by_its_kind()
    {
        await _place.RunWithInputAsync("alice", "piped"u8.ToArray(), "put", "-", "team:d/piped");
        Assert.Matches(@"^-  5  \d{4}-.*  alice  -  piped$", Assert.Single((await AliceAsync("ls", "-l", "team:d")).Lines));
        Assert.Matches(@"^d  -  -  -  -  d/$", System.Text.RegularExpressions.Regex.Replace(Assert.Single((await AliceAsync("ls", "-l", "team:")).Lines), " {2,}", "  "));
    }

    [Fact]
    public async Task A_removed_file_is_gone_from_listings_and_its_versions_stay()
    {
        foreach (var name in new[] { "d/a", "d/b/c", "dd" })
            _place.Write("src/" + name, name);
        await AliceAsync("put", "src/.", "team:");
        Assert.Contains("-r", (await _place.RunAsync("alice", "rm", "team:d")).Failed().Error);
        Assert.Equal(2, (await AliceAsync("rm", "-r", "team:d", "--json")).Json.GetProperty("files").GetInt64());
        Assert.Equal(["dd"], (await AliceAsync("ls", "-R", "team:")).Lines);
        (await _place.RunAsync("alice", "cat", "team:d/a")).Failed();
        (await _place.RunAsync("alice", "rm", "team:d/a")).Failed();
        (await _place.RunAsync("alice", "ls", "team:d")).Failed();
        Assert.Equal("d/a", (await AliceAsync("cat", "team:d/a", "--version", "1")).Output);
    }

    [Fact]
    public async Task An_empty_vault_lists_nothing_well()
    {
        Assert.Equal("", (await AliceAsync("ls", "team:")).Output);
        Assert.Equal("[]\n", (await AliceAsync("ls", "team:", "--json")).Output);
        await AliceAsync("get", "team:", "nothing");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Local("nothing")));
    }

    [Fact]
    public async Task Listings_are_in_the_order_of_names()
    {
        foreach (var name in new[] { "b", "a-", "a/x", "a.txt", "ä", "Z", "z/y" })
            _place.Write("src/" + name, name);
        await AliceAsync("put", "src/.", "team:");
        Assert.Equal(["Z", "a/", "a-", "a.txt", "b", "z/", "ä"], (await AliceAsync("ls", "team:")).Lines);
    }

    [Fact]
    public async Task Names_out_of_a_vault_never_command_a_terminal()
    {
        _place.Write("src/bell\u0007\u001b[2J", "x");
        _place.Write("src/two\nlines", "x");
        await AliceAsync("put", "src", "team:");
        Assert.Equal(["bell\\u{7}\\u{1B}[2J", "two\\nlines"], (await AliceAsync("ls", "team:src")).Lines);
        Assert.Contains((await AliceAsync("ls", "team:src", "--json")).Json.EnumerateArray(), entry => entry.GetProperty("path").GetString() == "src/two\nlines");
        var error = (await _place.RunAsync("alice", "cat", "team:src/\u001b[31m")).Failed().Error;
        Assert.DoesNotContain('\u001b', error);
    }

    [Fact]
    public async Task Content_of_many_sizes_goes_through_pipes_unchanged()
    {
        foreach (var size in new[] { 0, 1, 4_097, 65_536, 3_000_001, 20_000_000 })
        {
            var content = RandomNumberGenerator.GetBytes(size);
            (await _place.RunWithInputAsync("alice", content, "put", "-", "team:pipe")).Succeeded();
            (await _place.ShellAsync("alice", "set -o pipefail; coffer cat team:pipe | cat > out.bin")).Succeeded();
            Assert.Equal(SHA256.HashData(content), SHA256.HashData(File.ReadAllBytes(_place.Local("out.bin"))));
        }
    }

    [Fact]
    public async Task Two_commands_can_write_into_one_output_file()
    {
        _place.Write("a", "first\n");
        _place.Write("b", "second\n");
        await AliceAsync("put", "a", "b", "team:");
        (await _place.ShellAsync("alice", "{ coffer cat team:a; coffer cat team:b; coffer ls team:; } > out; echo end >> out")).Succeeded();
        Assert.Equal("first\nsecond\na\nb\nend\n", File.ReadAllText(_place.Local("out")));
    }

    [Fact]
    public async Task An_output_that_nobody_reads_any_more_is_no_crash()
    {
        File.WriteAllBytes(_place.Local("large"), new byte[8 << 20]);
        for (var i = 0; i < 200; i++)
            _place.Write($"many/{new string('n', 200)}{i}", "");
        await AliceAsync("put", "large", "many", "team:");
        var run = await _place.ShellAsync("alice", "coffer cat team:large | head -c 10 > /dev/null; echo \"${PIPESTATUS[0]}\"; coffer ls -R team: | head -n 1 > /dev/null; echo \"${PIPESTATUS[0]}\"");
        Assert.Equal("", run.Error);
        Assert.Equal("141", run.Lines[0]);
        Assert.Contains(run.Lines[1], new[] { "141", "0" });
    }

    [Fact]
    public async Task A_pipe_sees_no_colours_and_no_bar()
    {
        _place.Write("a", "x");
        var put = await AliceAsync("put", "a", "team:");
        Assert.Equal("", put.Error);
        Assert.DoesNotContain('\u001b', put.Output);
        Assert.Matches(@"^put 1 file, 1 B, in \d+\.\d s\n$", put.Output);
    }

    [Fact]
    public async Task A_file_cannot_take_the_place_of_a_folder_by_mistake()
    {
        _place.Write("folder/x", "x");
        _place.Write("file", "y");
        await AliceAsync("put", "folder", "team:docs");
        Assert.Contains("team:docs/", (await _place.RunAsync("alice", "put", "file", "team:docs")).Failed().Error);
        await AliceAsync("put", "file", "team:docs/");
        Assert.Contains("is a file", (await _place.RunAsync("alice", "put", "folder", "team:docs/x")).Failed().Error);
    }

    [Fact]
    public async Task What_fails_says_so_in_a_line_and_with_verbose_says_where()
    {
        (await _place.RunAsync("alice")).FailedWithHelp();
        (await _place.RunAsync("alice", "id")).FailedWithHelp();
        (await _place.RunAsync("alice", "frobnicate")).Failed(2);
        (await _place.RunAsync("alice", "put", "x")).Failed(2);
        (await _place.RunAsync("alice", "put", "x", "y")).Failed(2);
        (await _place.RunAsync("alice", "ls", "other:")).Failed();
        (await _place.RunAsync("alice", "ls", "team:none")).Failed();
        (await _place.RunAsync("alice", "cat", "team:")).Failed(2);
        (await _place.RunAsync("alice", "get", "team:none", "x")).Failed();
        (await _place.RunAsync("alice", "versions", "team:none")).Failed();
        var missing = await _place.RunAsync("alice", "put", "does-not-exist", "team:");
        Assert.Contains("no such file", missing.Failed().Error);
        Assert.Contains("   at Coffer.", (await _place.RunAsync("alice", "ls", "team:none", "--verbose")).Error);
    }

    private async Task<CofferRun> AliceAsync(params string[] arguments) => (await _place.RunAsync("alice", arguments)).Succeeded();
}
