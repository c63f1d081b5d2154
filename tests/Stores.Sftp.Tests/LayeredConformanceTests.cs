namespace Coffer.Stores.Sftp.Tests;

/// <summary>The conformance suite through the layers. A class of its own, so that it runs beside the other one.</summary>
public sealed class LayeredConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.Rules;

    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH_through_the_layers(string rule) => ConformanceRun.RunLayeredAsync(rule);
}
