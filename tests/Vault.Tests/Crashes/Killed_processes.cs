using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Processes that end with SIGKILL at any moment. <c>crash</c> as the first argument of this executable runs the same for longer; see README.md in this folder.</summary>
public sealed class Killed_processes
{
    private static void Log(string line) => TestContext.Current.SendDiagnosticMessage(line);

    [Fact]
    public Task Writers_that_are_killed_200_times_lose_nothing_that_they_acknowledged_and_leave_nothing_half_there() =>
        new WriterCrashes(kills: 200, seed: 1, Log).RunAsync();

    [Fact]
    public Task Housekeepers_that_are_killed_beside_a_writer_lose_nothing_and_leave_nothing() =>
        new HousekeeperCrashes(kills: 40, seed: 1, Log).RunAsync();

    [Fact]
    public Task An_admin_that_is_killed_beside_another_one_leaves_one_chain_in_which_every_change_stands_once() =>
        new LedgerCrashes(kills: 40, seed: 1, Log).RunAsync();
}
