namespace Coffer.Stores.Sftp.Tests;

/// <summary>The other half of the conformance suite, so that both run beside each other.</summary>
public sealed class OtherConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.Half(1);

    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH(string rule) => ConformanceRun.RunBareAsync(rule);
}
