using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Housekeepers that end with SIGKILL at any moment. <c>crash</c> as the first argument of this executable runs the same for longer; see README.md in this folder.</summary>
public sealed class Killed_housekeepers
{
    [Fact]
    public Task Housekeepers_that_are_killed_beside_a_writer_lose_nothing_and_leave_nothing() =>
        new HousekeeperCrashes(kills: 40, seed: 1, static line => TestContext.Current.SendDiagnosticMessage(line)).RunAsync();
}
