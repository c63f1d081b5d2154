using System.Diagnostics;
using Coffer.Cli.Tests.Running;

namespace Coffer.Cli.Tests.Commands;

public sealed class InterruptTests : IAsyncLifetime
{
    private readonly Workplace _place = new();

    public async ValueTask InitializeAsync() => await _place.CreateAsync("alice");

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_put_that_waits_for_its_input_ends_cleanly(string signal, int exitCode)
    {
        using var process = CofferProcess.Start(_place.HomeOf("alice"), _place.Folder, "put", "-", "team:never");
        // More than a pipe holds: when all of it is written, the process has begun to read.
        await process.StandardInput.BaseStream.WriteAsync(new byte[1 << 20], TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("coffer: interrupted\n", await InterruptAsync(process, signal));
        Assert.Equal(exitCode, process.ExitCode);
        await NothingIsHalfDoneAsync("never");
    }

    [Fact]
    public async Task A_put_of_many_files_ends_cleanly_and_each_file_is_whole_or_not_there()
    {
        for (var i = 0; i < 2_000; i++)
            _place.Write($"src/{i % 30}/{i}", new string((char)('a' + (i % 26)), 2_000));
        for (var i = 0; i < 4; i++)
            File.WriteAllBytes(_place.Local($"src/large{i}"), new byte[24_000_000]);
        using var process = CofferProcess.Start(_place.HomeOf("alice"), _place.Folder, "put", "src", "team:");
        var commits = Path.Combine(_place.Store, "users", "commits");
        await WaitForAsync(process, () => Directory.Exists(commits) && Directory.EnumerateFiles(commits, "*", SearchOption.AllDirectories).Any());
        Assert.Equal("coffer: interrupted\n", await InterruptAsync(process, "INT"));
        Assert.Equal(130, process.ExitCode);

        (await _place.RunAsync("alice", "get", "team:", "back")).Succeeded();
        foreach (var file in Directory.EnumerateFiles(_place.Local("back"), "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(_place.Local(Path.GetRelativePath(_place.Local("back"), file))), File.ReadAllBytes(file));
        await NothingIsHalfDoneAsync("src/none");
        (await _place.RunAsync("alice", "put", "src", "team:")).Succeeded();
        (await _place.RunAsync("alice", "get", "team:src", "whole")).Succeeded();
        Assert.Equal("", await _place.DiffAsync("src", "whole"));
    }

    [Fact]
    public async Task A_get_that_is_interrupted_leaves_no_part_of_a_file()
    {
        for (var i = 0; i < 8; i++)
            File.WriteAllBytes(_place.Local($"large{i}"), new byte[24_000_000]);
        (await _place.RunAsync("alice", [.. Enumerable.Range(0, 8).Select(i => $"large{i}").Prepend("put").Append("team:big/")])).Succeeded();
        using var process = CofferProcess.Start(_place.HomeOf("alice"), _place.Folder, "get", "team:big", "back");
        await WaitForAsync(process, () => Directory.Exists(_place.Local("back")) && Directory.EnumerateFiles(_place.Local("back")).Any());
        await InterruptAsync(process, "INT");
        Assert.Equal(130, process.ExitCode);
        foreach (var file in Directory.EnumerateFiles(_place.Local("back")))
        {
            Assert.StartsWith("large", Path.GetFileName(file));
            Assert.Equal(24_000_000, new FileInfo(file).Length);
        }
    }

    private static async Task<string> InterruptAsync(Process process, string signal)
    {
        var error = process.StandardError.ReadToEndAsync();
        using var kill = Process.Start("/bin/bash", ["-c", $"kill -{signal} {process.Id}"]);
        await process.WaitForExitAsync();
        return await error;
    }

    /// <summary>Waits until the process shows by what it did that it is in the middle of its work.</summary>
    private static async Task WaitForAsync(Process process, Func<bool> condition)
    {
        while (!condition())
        {
            Assert.False(process.HasExited, "The process ended before it could be interrupted.");
            await Task.Delay(5);
        }
    }

    private async Task NothingIsHalfDoneAsync(string path)
    {
        (await _place.RunAsync("alice", "cat", "team:" + path)).Failed();
        Assert.Equal(0, (await _place.RunAsync("alice", "status", "team", "--json")).Succeeded().Json.GetProperty("findings").GetArrayLength());
        (await _place.RunAsync("alice", "rebuild", "team")).Succeeded();
    }
}
