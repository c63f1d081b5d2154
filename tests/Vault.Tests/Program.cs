using Coffer.Vaults.Tests.Crashes;
using Coffer.Vaults.Tests.Scenarios;

namespace Coffer.Vaults.Tests;

/// <summary>Runs the tests, or, when it was started by one of them, the part of another process.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [OtherProcess.Argument, Victim.Role, .. var victim])
            return await Victim.RunAsync(victim);
        if (args is [OtherProcess.Argument, .. var rest])
            return await OtherProcess.RunAsync(rest);
        if (args is [CrashCommand.Name, .. var crash])
            return await CrashCommand.RunAsync(crash);
        if (args.Any(static arg => arg is "--server" or "--internal-msbuild-node"))
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, Coffer.Vault.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
