using Coffer.Testing;

namespace Coffer.Stores.Local.Tests;

/// <summary>The conformance suite on local disk, with and without fsync, bare and through the layers.</summary>
public sealed class LocalConformanceTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public static TheoryData<string> Rules
    {
        get
        {
            using var root = new TemporaryRoot();
            return [.. StoreConformance.For(root.Open().Capabilities).Select(static rule => rule.Name)];
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public Task On_local_disk(string rule) => RunAsync(rule, _root.Open(fsync: true));

    [Theory, MemberData(nameof(Rules))]
    public Task On_local_disk_without_fsync(string rule) => RunAsync(rule, _root.Open(fsync: false));

    [Theory, MemberData(nameof(Rules))]
    public Task On_local_disk_through_the_layers(string rule)
    {
        var registry = new StoreRegistry([new LocalStoreProvider()]);
        return RunAsync(rule, registry.Open($"file://{_root.Root}?fsync=false"));
    }

    public static TheoryData<string> PortableRules
    {
        get
        {
            using var root = new TemporaryRoot();
            return [.. StoreConformance.For(OpenPortable(root).Capabilities).Select(static rule => rule.Name)];
        }
    }

    /// <summary>What other systems get, as far as Linux can run it: everything but the calls of Windows.</summary>
    [Theory, MemberData(nameof(PortableRules))]
    public Task On_the_portable_disk(string rule) => RunAsync(rule, OpenPortable(_root));

    private static LocalStore OpenPortable(TemporaryRoot root) => new(
        new LocalStoreOptions { Root = root.Root, Fsync = false },
        static (options, name) => new PortableDisk(options, name, new KeyRules(Windows: false, FoldsCase: false)));

    [Fact]
    public void Every_rule_applies_but_those_about_what_a_store_lacks()
    {
        using var root = new TemporaryRoot();
        string[] others =
        [
            "A_conditional_put_above_the_limit_is_Unsupported_before_its_body_is_opened", "An_object_above_the_largest_size_is_refused_before_its_body_is_opened",
            "A_condition_that_the_store_lacks_is_Unsupported_before_any_request",
        ];
        Assert.Equal(StoreConformance.Cases.Select(static rule => rule.Name).Except(others), StoreConformance.For(root.Open().Capabilities).Select(static rule => rule.Name));
    }

    private static async Task RunAsync(string rule, IStore store)
    {
        await using (store)
            await StoreConformance.Find(rule).RunAsync(new ConformanceContext { Store = store }, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _root.Dispose();
}
