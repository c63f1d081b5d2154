using Coffer.Stores.Local.Tests.Processes;

namespace Coffer.Stores.Local.Tests;

/// <summary>Runs the tests, or, when it was started by one of them, the part of another process.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [OtherProcess.Argument, .. var rest])
            return await OtherProcess.RunAsync(rest);
        if (args.Any(static arg => arg is "--server" or "--internal-msbuild-node"))
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
