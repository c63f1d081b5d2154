namespace Coffer.Stores.S3.Tests;

/// <summary>The cases of the conformance suite that look at the memory of the process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(MemoryConformanceTests), DisableParallelization = true)]
[Collection(nameof(MemoryConformanceTests))]
public sealed class MemoryConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.MemoryRules;

    [Theory, MemberData(nameof(Rules))]
    public Task On_a_real_server(string rule) => ConformanceRun.RunBareAsync(rule);

    [Theory, MemberData(nameof(Rules))]
    public Task On_a_real_server_below_a_prefix_and_through_the_layers(string rule) => ConformanceRun.RunLayeredAsync(rule);
}
