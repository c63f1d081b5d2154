namespace Coffer.Stores.S3.Tests;

/// <summary>The conformance suite on a real server, bare and through the layers, but for what <see cref="MemoryConformanceTests"/> has.</summary>
public sealed class S3ConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.Rules;

    [Theory, MemberData(nameof(Rules))]
    public Task On_a_real_server(string rule) => ConformanceRun.RunBareAsync(rule);

    [Theory, MemberData(nameof(Rules))]
    public Task On_a_real_server_below_a_prefix_and_through_the_layers(string rule) => ConformanceRun.RunLayeredAsync(rule);
}
