using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Admins that end with SIGKILL at any moment. <c>crash</c> as the first argument of this executable runs the same for longer; see README.md in this folder.</summary>
public sealed class Killed_admins
{
    [Fact]
    public Task An_admin_that_is_killed_beside_another_one_leaves_one_chain_in_which_every_change_stands_once() =>
        new LedgerCrashes(kills: 40, seed: 1, static line => TestContext.Current.SendDiagnosticMessage(line)).RunAsync();
}
