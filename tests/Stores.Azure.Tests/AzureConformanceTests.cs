using Coffer.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Stores.Azure.Tests;

/// <summary>
/// The conformance suite against a real server, bare and through the layers. Its sizes are small here, so that it takes little time; <c>COFFER_TEST_SIZES=full</c>
/// takes those of the suite itself.
/// </summary>
public sealed class AzureConformanceTests
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("COFFER_TEST_SIZES") == "full";

    /// <summary>Only the bare store does the large things in their full size; through the layers they would show nothing new.</summary>
    private const string LargeListing = "Ten_thousand_keys_are_listed_in_order_whole_by_prefix_shallow_from_anywhere_and_in_pages";

    public static TheoryData<string> Rules
    {
        get
        {
            var store = AzureServer.Open();
            return [.. StoreConformance.For(store.Capabilities).Select(static rule => rule.Name)];
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public async Task On_a_server(string rule)
    {
        if (rule != LargeListing)
        {
            await RunAsync(rule, AzureServer.Open(), isWhole: true);
            return;
        }
        // Azurite takes two minutes to delete so many one by one, and no time to delete a container.
        await using var container = await OwnContainer.CreateAsync();
        await RunAsync(rule, new AzureStore(container.Options, TimeProvider.System), isWhole: true, cleans: false);
    }

    [Fact]
    public void Every_rule_applies_but_that_about_what_a_store_lacks()
    {
        string[] others = ["A_condition_that_the_store_lacks_is_Unsupported_before_any_request"];
        Assert.Equal(StoreConformance.Cases.Select(static rule => rule.Name).Except(others), Rules.Select(static rule => rule.Data));
    }

    internal static async Task RunAsync(string rule, IStore store, bool isWhole, bool cleans = true)
    {
        await using (store)
        {
            var context = Full && isWhole ? new ConformanceContext { Store = store } : new ConformanceContext
            {
                Store = store,
                ListedKeys = isWhole ? 2_000 : 300,
                Rounds = isWhole && rule.StartsWith("Of_many_creators", StringComparison.Ordinal) ? 50 : 5,
                LargeBody = isWhole && rule.StartsWith("A_large_stream_without", StringComparison.Ordinal) ? 256L << 20 : 80L << 20,
                ModelRuns = 10,
            };
            await StoreConformance.Find(rule).RunAsync(context, TestContext.Current.CancellationToken);
            if (cleans)
                await AzureServer.CleanAsync(store);
        }
    }
}

/// <summary>The conformance suite through all layers, as an application opens a store.</summary>
public sealed class AzureLayerTests
{
    public static TheoryData<string> Rules => AzureConformanceTests.Rules;

    [Theory, MemberData(nameof(Rules))]
    public Task On_a_server_through_the_layers(string rule) =>
        AzureConformanceTests.RunAsync(rule, new StoreRegistry().AddAzure().Open(AzureServer.FreshPlace()), isWhole: false);
}
