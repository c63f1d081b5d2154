using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>The conformance suite through the layers, at smaller sizes, over one connection. A class of its own, so that it runs beside the other one.</summary>
public sealed class LayeredConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.Rules;

    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH_through_the_layers(string rule) => ConformanceRun.RunAsync(rule, static url => new StoreRegistry([new SftpStoreProvider()]).Open(url + "&fsync=false&connections=1"),
        static store => new ConformanceContext { Store = store, ListedKeys = 1000, Rounds = 5, ModelRuns = 10, LargeBody = 96 << 20 });
}
