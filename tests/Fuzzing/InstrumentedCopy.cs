using System.Diagnostics;
using SharpFuzz;

namespace Coffer.Fuzzing;

/// <summary>A copy of this program in which the vault's code tells, branch by branch, where it went, as SharpFuzz makes it; and a process that runs it.</summary>
internal static class InstrumentedCopy
{
    private const string Instrumented = "Coffer.Vault.dll";

    /// <summary>Runs the copy with the same arguments, and gives its exit code.</summary>
    public static int Run(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("coffer-fuzzing-").FullName;
        try
        {
            Copy(AppContext.BaseDirectory, folder);
            Fuzzer.Instrument(Path.Combine(folder, Instrumented), static type => type.StartsWith("Coffer.Vaults", StringComparison.Ordinal), Options.Value);
            var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(Path.Combine(folder, "Coffer.Fuzzing.dll"));
            else
                start.FileName = Path.Combine(folder, Path.GetFileName(Environment.ProcessPath!));
            start.ArgumentList.Add(FuzzOptions.Worker);
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
