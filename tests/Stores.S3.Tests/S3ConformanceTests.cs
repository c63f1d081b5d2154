using Coffer.Testing;

namespace Coffer.Stores.S3.Tests;

/// <summary>
/// The conformance suite on a real server, bare and through the layers. Its sizes are small here, so that it takes little time;
/// <c>COFFER_TEST_SIZES=full</c> takes those of the suite itself.
/// </summary>
public sealed class S3ConformanceTests
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("COFFER_TEST_SIZES") == "full";

    public static TheoryData<string> Rules
    {
        get
        {
            var capabilities = new S3Store(new S3StoreOptions { Bucket = "any" }).Capabilities;
            return [.. StoreConformance.For(capabilities).Select(static rule => rule.Name)];
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public async Task On_a_real_server(string rule)
    {
        await using var place = new TestPlace();
        await using var store = new S3StoreProvider().Open(StoreUrl.Parse(TestServer.S3), new StoreContext());
        await RunAsync(rule, store, place.Name + "/");
    }

    [Theory, MemberData(nameof(Rules))]
    public async Task On_a_real_server_below_a_prefix_and_through_the_layers(string rule)
    {
        await using var place = new TestPlace();
        await using var store = new StoreRegistry([new S3StoreProvider()]).Open(place.Url);
        await RunAsync(rule, store, "");
    }

    private static Task RunAsync(string rule, IStore store, string prefix) => StoreConformance.Find(rule).RunAsync(Context(store, prefix), TestPlace.Token);

    private static ConformanceContext Context(IStore store, string prefix) => Full
        ? new ConformanceContext { Store = store, Prefix = prefix }
        : new ConformanceContext { Store = store, Prefix = prefix, ListedKeys = 1_100, Rounds = 5, ModelRuns = 6, LargeBody = 96L << 20 };
}
