using System.Diagnostics;
using System.Text;

namespace Coffer.Cli.Tests.Running;

/// <summary>Starts the built tool as a process of its own, as a person's shell would.</summary>
public static class CofferProcess
{
    /// <summary>What starts the tool: the one that test.sh has published, which starts in half the time, or the one that was built.</summary>
    private static readonly string[] Tool = Environment.GetEnvironmentVariable("COFFER_TEST_TOOL") is { Length: > 0 } published
        ? [published]
        : [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "coffer.dll")];

    /// <summary>The words that start the tool from a shell script.</summary>
    public static string ShellWords => string.Join(' ', Tool.Select(static word => $"'{word}'"));

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="home">COFFER_HOME.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="input">What standard input has.</param>
    public static async Task<CofferRun> RunAsync(
        string home, string folder, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, byte[]? input = null)
    {
        using var process = Start(Tool[0], home, folder, [.. Tool[1..], .. arguments], environment);
        return await EndAsync(process, "coffer " + string.Join(' ', arguments), input);
    }

    /// <summary>Runs a shell script, in which <c>$coffer</c> is the tool.</summary>
    public static async Task<CofferRun> ShellAsync(string home, string folder, string script)
    {
        using var process = Start("/bin/bash", home, folder, ["-c", $"coffer() {{ {ShellWords} \"$@\"; }}\n{script}"], null);
        return await EndAsync(process, script, null);
    }

    /// <summary>Starts the tool and leaves it running.</summary>
    public static Process Start(string home, string folder, params string[] arguments) => Start(Tool[0], home, folder, [.. Tool[1..], .. arguments], null);

    private static Process Start(string program, string home, string folder, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        start.Environment["COFFER_HOME"] = home;
        start.Environment.Remove("COFFER_PASSPHRASE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static async Task<CofferRun> EndAsync(Process process, string commandLine, byte[]? input)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new CofferRun(commandLine, process.ExitCode, await output, await error);
    }
}
