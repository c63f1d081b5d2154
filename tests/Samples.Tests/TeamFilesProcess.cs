using System.Diagnostics;
using System.Text;

namespace Coffer.Samples.Tests;

/// <summary>The built sample as a process of its own, configured by its environment alone.</summary>
internal sealed class TeamFilesProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TeamFilesProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>All that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it on a free port, and gives it when it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended before it listened; the message has what it wrote.</exception>
    public static async Task<(TeamFilesProcess Process, HttpClient Client)> StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        var process = Create(environment);
        process.Begin();
        var ended = process._process.WaitForExitAsync();
        if (await Task.WhenAny(process._address.Task, ended) == ended)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException("The sample did not start: " + process.Output);
        }
        return (process, new HttpClient { BaseAddress = new Uri(await process._address.Task) });
    }

    /// <summary>Starts it with settings that it must refuse, and gives what it wrote until it ended.</summary>
    public static async Task<string> RefusedAsync(IReadOnlyDictionary<string, string> environment)
    {
        await using var process = Create(environment);
        process.Begin();
        await process._process.WaitForExitAsync();
        Assert.NotEqual(0, process._process.ExitCode);
        return process.Output;
    }

    /// <summary>Starts it, asks it to end at a moment before it listens, and gives its exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> EndedAsync(IReadOnlyDictionary<string, string> environment, Func<Task> moment)
    {
        var process = Create(environment);
        int exitCode;
        await using (process)
        {
            process.Begin();
            await moment();
            using var kill = Process.Start("kill", ["-TERM", $"{process._process.Id}"]);
            await process._process.WaitForExitAsync();
            exitCode = process._process.ExitCode;
        }
        return (exitCode, process.Output);
    }

    private static TeamFilesProcess Create(IReadOnlyDictionary<string, string> environment)
    {
        // The sample is built in the same way as this program: .../bin/Release/net10.0.
        var built = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var sample = Path.Combine(built.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "samples", "TeamFiles");
        var program = Path.Combine(sample, "bin", built.Parent.Name, built.Name, "TeamFiles.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = sample,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new TeamFilesProcess(start);
    }

    private void Begin()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _address.TrySetResult(line[(at + Listening.Length)..].Trim());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // As a service manager does: what is under way ends well.
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync();
        }
        // The last lines are still on their way until this returns.
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
