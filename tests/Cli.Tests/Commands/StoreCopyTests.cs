using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class StoreCopyTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_store_is_copied_whole_and_what_is_there_is_passed_over()
    {
        for (var i = 0; i < 40; i++)
            _place.Write($"from/{i % 7}/{i}", new string('x', i * 500));
        _place.Write("from/empty", "");
        _place.Write("to/a/of its own", "stays");

        var first = (await CopyAsync()).Succeeded().Json;
        var second = (await CopyAsync()).Succeeded().Json;

        Assert.Equal((41, 0, 0), (Count(first, "copied"), Count(first, "same"), Count(first, "failed")));
        Assert.Equal(Enumerable.Range(0, 40).Sum(i => i * 500), Count(first, "bytes"));
        Assert.Equal((0, 41), (Count(second, "copied"), Count(second, "same")));
        Assert.Equal("stays", File.ReadAllText(_place.Local("to/a/of its own")));
        Assert.Equal("Only in to: a\n", WithoutTemporary(await _place.DiffAsync("from", "to")));
    }

    [Fact]
    public async Task A_source_with_nothing_in_it_is_told_because_its_name_may_be_mistyped()
    {
        var run = await _place.RunAsync("alice", "store", "copy", "./form", "./to");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("coffer: There is nothing to copy in file://", run.Error);
    }

    [Fact]
    public async Task Another_content_is_left_and_told_unless_it_is_to_be_replaced()
    {
        _place.Write("from/a", "right");
        _place.Write("from/b", "right");
        _place.Write("to/a", "wrong");

        var run = await _place.RunAsync("alice", "store", "copy", "./from", "./to");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("coffer: a: the destination has another object under this key.", run.Error);
        Assert.Equal(("wrong", "right"), (File.ReadAllText(_place.Local("to/a")), File.ReadAllText(_place.Local("to/b"))));
        Assert.Equal(1, Count((await CopyAsync("--replace")).Succeeded().Json, "replaced"));
        Assert.Equal("right", File.ReadAllText(_place.Local("to/a")));
    }

    [Fact]
    public async Task Equal_sizes_are_read_unless_they_are_to_be_trusted()
    {
        _place.Write("from/a", "right");
        _place.Write("to/a", "wrong");

        Assert.Equal(1, (await CopyAsync()).ExitCode);
        Assert.Equal(1, Count((await CopyAsync("--trust-sizes")).Succeeded().Json, "same"));
    }

    [Fact]
    public async Task A_prefix_takes_a_part()
    {
        _place.Write("from/users/1", "x");
        _place.Write("from/users2/1", "x");
        _place.Write("from/admins/1", "x");

        Assert.Equal(1, Count((await CopyAsync("--prefix", "users/")).Succeeded().Json, "copied"));
        Assert.True(File.Exists(_place.Local("to/users/1")));
        Assert.False(Directory.Exists(_place.Local("to/admins")));
    }

    [Theory]
    [InlineData("./from", "./from")]
    [InlineData("./from", "./from/inside")]
    [InlineData("./from/inside", "./from")]
    public async Task A_store_is_not_copied_into_itself(string from, string to) =>
        Assert.Contains("lies within the other", (await _place.RunAsync("alice", "store", "copy", from, to)).Failed(2).Error);

    [Fact]
    public async Task A_copied_vault_opens_at_its_new_place()
    {
        await _place.CreateAsync("alice");
        _place.Write("plan.txt", "a plan");
        (await _place.RunAsync("alice", "put", "plan.txt", "team:")).Succeeded();
        (await _place.RunAsync("alice", "store", "copy", _place.StoreUrl, "./moved")).Succeeded();

        var invitation = (await _place.RunAsync("alice", "invite", "team")).Succeeded().Lines[^1];
        (await _place.RunAsync("alice", "join", "moved", invitation, "--url", "./moved", "--as", "alice")).Succeeded();

        Assert.Equal("a plan", (await _place.RunAsync("alice", "cat", "moved:plan.txt")).Succeeded().Output);
    }

    [Fact]
    public async Task A_copy_that_is_interrupted_is_gone_on_with()
    {
        Directory.CreateDirectory(_place.Local("from"));
        for (var i = 0; i < 16; i++)
            File.WriteAllBytes(_place.Local($"from/{i:00}"), new byte[24_000_000]);
        using (var process = CofferProcess.Start(_place.HomeOf("alice"), _place.Folder, "store", "copy", "./from", "./to"))
        {
            while (!process.HasExited && !(Directory.Exists(_place.Local("to")) && Directory.EnumerateFiles(_place.Local("to")).Any()))
                await Task.Delay(5, TestContext.Current.CancellationToken);
            using var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(130, process.ExitCode);
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(_place.Local("to"), "*", SearchOption.AllDirectories), file => new FileInfo(file).Length != 24_000_000);

        var json = (await CopyAsync("--trust-sizes")).Succeeded().Json;

        Assert.Equal(16, Count(json, "copied") + Count(json, "same"));
        Assert.True(Count(json, "same") > 0);
    }

    /// <summary>No test here lets the machine crash, so this does not wait for the disk.</summary>
    private Task<CofferRun> CopyAsync(params string[] options) =>
        _place.RunAsync("alice", ["store", "copy", "./from", $"file://{_place.Local("to")}?fsync=false", "--json", .. options]);

    private static long Count(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private static string WithoutTemporary(string diff) => string.Concat(diff.Split('\n').Where(line => line.Length > 0 && !line.Contains(".coffer-tmp", StringComparison.Ordinal)).Select(line => line + "\n"));
}
