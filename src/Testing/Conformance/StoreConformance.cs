namespace Coffer.Testing;

/// <summary>
/// The conformance suite: everything that <see cref="IStore"/> promises, as cases to run on a store, from any test framework.
/// </summary>
/// <example>
/// With xunit, one test per case:
/// <code>
/// public static TheoryData&lt;string&gt; Names => new(StoreConformance.For(MyStore.Capabilities).Select(rule => rule.Name));
///
/// [Theory, MemberData(nameof(Names))]
/// public async Task Keeps(string name)
/// {
///     await using var store = OpenEmpty();
///     await StoreConformance.Find(name).RunAsync(new ConformanceContext { Store = store }, TestContext.Current.CancellationToken);
/// }
/// </code>
/// </example>
public static class StoreConformance
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. BasicCases.All, .. RangeCases.All, .. ConditionCases.All, .. VersionCases.All, .. BodyCases.All, .. LargeBodyCases.All, .. CancellationCases.All,
        .. ListCases.All, .. LargeListCases.All, .. KeyCases.All, .. RaceCases.All, .. ModelCases.All,
    ];

    /// <summary>The cases that a store with these capabilities must pass.</summary>
    public static IEnumerable<ConformanceCase> For(StoreCapabilities capabilities) => Cases.Where(rule => rule.AppliesTo(capabilities));

    /// <summary>The case of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ConformanceCase Find(string name) =>
        Cases.FirstOrDefault(rule => rule.Name.Equals(name, StringComparison.Ordinal)) ?? throw new ArgumentException($"There is no conformance case '{name}'.", nameof(name));

    internal static bool Always(StoreCapabilities capabilities) => true;
}
