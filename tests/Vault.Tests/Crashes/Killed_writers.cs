using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Writers that end with SIGKILL at any moment. <c>crash</c> as the first argument of this executable runs the same for longer; see README.md in this folder.</summary>
public sealed class Killed_writers
{
    [Fact]
    public Task Writers_that_are_killed_200_times_lose_nothing_that_they_acknowledged_and_leave_nothing_half_there() =>
        new WriterCrashes(kills: 200, seed: 1, static line => TestContext.Current.SendDiagnosticMessage(line)).RunAsync();
}
