using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Coffer.Simulation;

/// <summary>One of the processes that live through seeds, from outside. When it ends in the middle of a seed, that is a violation of the seed, and another process takes its place.</summary>
/// <param name="folder">Its folder: local files and histories.</param>
internal sealed class Worker(string folder) : IDisposable
{
    private const int ErrorLines = 20;

    private readonly Queue<string> _errors = new();
    private Process? _process;

    /// <summary>Lets it live through a seed.</summary>
    /// <exception cref="OperationCanceledException">It was to stop; the process is ended.</exception>
    public async Task<SeedReport> RunAsync(SeedPlan plan, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var process = _process ??= Start();
        try
        {
            await process.StandardInput.WriteLineAsync(plan.ToString());
            await process.StandardInput.FlushAsync(stop);
            if (await process.StandardOutput.ReadLineAsync(stop) is { } line)
                return JsonSerializer.Deserialize<SeedReport>(line) ?? throw new InvalidOperationException("A worker answered with nothing.");
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            Note(e.Message);
        }
        return await EndedAsync(process);
    }

    /// <summary>Where the history of a seed is, until it is forgotten.</summary>
    public string HistoryOf(long seed) => WorkerLoop.HistoryOf(folder, seed);

    public void Dispose() => Kill();

    private async Task<SeedReport> EndedAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        var report = SeedReport.Ended($"{(process.ExitCode == StallGuard.ExitCode ? "It hangs" : "Its process ended")}, with code {process.ExitCode}: {Errors()}");
        Kill();
        return report;
    }

    private Process Start()
    {
        // What a process that was ended has left is none of the next one's.
        if (Directory.Exists(WorkerLoop.WorldOf(folder)))
            Directory.Delete(WorkerLoop.WorldOf(folder), recursive: true);
        Directory.CreateDirectory(folder);
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Started as 'dotnet Coffer.Simulation.dll', the program is the first argument.
        if (Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(Worker).Assembly.Location);
        start.ArgumentList.Add("--worker");
        start.ArgumentList.Add(folder);
        var process = Process.Start(start) ?? throw new InvalidOperationException("A worker could not be started.");
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        return process;
    }

    private void Note(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_errors)
        {
            // The beginning of a trace says what happened.
            if (_errors.Count < ErrorLines)
                _errors.Enqueue(line);
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            var all = string.Join("\n    ", _errors);
            _errors.Clear();
            return all.Length == 0 ? "it said nothing" : all;
        }
    }

    private void Kill()
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
    }
}
