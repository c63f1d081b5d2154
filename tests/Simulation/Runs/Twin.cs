using System.Diagnostics;

namespace Coffer.Simulation;

/// <summary>
/// The second process, which lives through the same seeds. It leaves each history in a file and tells its hash; hash tables, addresses and the moods of a
/// process are others there, so what hangs on them shows.
/// </summary>
internal sealed class Twin : IDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    public Twin(RunOptions options, string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, UseShellExecute = false };
        // Started as 'dotnet Coffer.Simulation.dll', the program is the first argument.
        if (Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(Twin).Assembly.Location);
        foreach (var argument in options.ForTwin(folder))
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The second process could not be started.");
    }

    /// <summary>The twin's side: leaves a history, and tells its hash.</summary>
    public static void Tell(SeedResult result, string folder)
    {
        File.WriteAllLines(PathOf(folder, result.Seed), result.History);
        Console.WriteLine($"{result.Seed} {result.Hash}");
    }

    /// <summary>Waits for the twin to finish the same seed. What is different; null when the histories are equal.</summary>
    public string? DifferenceTo(SeedResult mine)
    {
        var line = _process.StandardOutput.ReadLine();
        if (line is null)
            return "the second process ended before it came to this seed";
        var path = PathOf(_folder, mine.Seed);
        if (line == $"{mine.Seed} {mine.Hash}")
        {
            File.Delete(path);
            return null;
        }
        var theirs = File.Exists(path) ? File.ReadAllLines(path) : [];
        var place = 0;
        while (place < theirs.Length && place < mine.History.Count && theirs[place] == mine.History[place])
            place++;
        return $"two processes have two histories, from line {place + 1} on:\n    {mine.History.ElementAtOrDefault(place)}\n    {theirs.ElementAtOrDefault(place)}";
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static string PathOf(string folder, long seed) => Path.Combine(folder, $"history-{seed}.txt");
}
