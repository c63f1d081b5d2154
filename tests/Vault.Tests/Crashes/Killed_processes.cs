using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Processes that end with SIGKILL at any moment. <c>crash</c> as the first argument of this executable runs the same for longer; see README.md in this folder.</summary>
public sealed class Killed_processes
{
    [Fact]
    public async Task Writers_that_are_killed_200_times_lose_nothing_that_they_acknowledged_and_leave_nothing_half_there()
    {
        await using var crashes = new WriterCrashes(kills: 200, seed: 1, TestContext.Current.SendDiagnosticMessage);
        await crashes.RunAsync();
    }
}
