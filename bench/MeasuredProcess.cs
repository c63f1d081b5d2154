using System.Diagnostics;
using System.Globalization;

namespace Coffer.Bench;

/// <summary>What a program took.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="ProcessorSeconds">Processor time, of all cores; 0 where that is not told.</param>
/// <param name="PeakMiB">The most memory that it had resident, as Linux counts it; 0 where that is not told.</param>
/// <param name="Output">What it wrote to standard output.</param>
internal readonly record struct Measurement(double Seconds, double ProcessorSeconds = 0, double PeakMiB = 0, string Output = "");

/// <summary>Runs another program and measures it.</summary>
internal static class MeasuredProcess
{
    private const string Gnu = "/usr/bin/time";

    /// <summary>Waits until the disk has what was written before, so that nobody pays for another's writes.</summary>
    public static Task SettleAsync() => RunAsync("sync", []);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote to standard error.</exception>
    public static async Task<Measurement> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null)
    {
        var factsFile = Path.GetTempFileName();
        try
        {
            string[] command = File.Exists(Gnu) ? [Gnu, "-f", "%M %U %S", "-o", factsFile, program, .. arguments] : [program, .. arguments];
            var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder ?? "" };
            foreach (var (name, value) in environment ?? new Dictionary<string, string>())
                start.Environment[name] = value;
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {await errors}{await output}");
            var facts = (await File.ReadAllTextAsync(factsFile)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(fact => double.Parse(fact, CultureInfo.InvariantCulture)).ToArray();
            return facts.Length == 3
                ? new Measurement(seconds, facts[1] + facts[2], facts[0] / 1024, await output)
                : new Measurement(seconds, Output: await output);
        }
        finally
        {
            File.Delete(factsFile);
        }
    }
}
