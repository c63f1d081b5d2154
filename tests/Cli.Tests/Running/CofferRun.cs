using System.Text.Json;

namespace Coffer.Cli.Tests.Running;

/// <summary>How a run of the tool ended.</summary>
public sealed record CofferRun(string CommandLine, int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>This run, when it did what it was asked, and said nothing about errors.</summary>
    public CofferRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"{CommandLine} ended with {ExitCode}: {Error}{Output}");
        return this;
    }

    /// <summary>This run, when it failed as a person would want it: with a plain line or two on standard error, and no stack trace.</summary>
    public CofferRun Failed(int exitCode = 1)
    {
        Assert.True(ExitCode == exitCode, $"{CommandLine} ended with {ExitCode} instead of {exitCode}: {Error}{Output}");
        var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 1, 2);
        Assert.All(lines, line => Assert.StartsWith("coffer: ", line));
        Assert.DoesNotContain("   at ", Error);
        return this;
    }

    /// <summary>This run, when it was the beginning of a command, and showed how that goes on.</summary>
    public void FailedWithHelp()
    {
        Assert.Equal((2, ""), (ExitCode, Output));
        Assert.Contains("Usage:", Error);
    }
}
