namespace Coffer.Testing;

internal static class VersionCases
{
    private const int Puts = 200;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("Two_different_contents_never_have_one_version_however_fast_they_follow", static can => can.StrongVersions, NeverAgainAsync),
        new("Two_different_contents_never_have_one_version_with_deletes_between_them", static can => can.StrongVersions, NeverAgainWithDeletesAsync),
    ];

    private static Task NeverAgainAsync(ConformanceContext context, CancellationToken cancellationToken) => RunAsync(context, deletes: false, cancellationToken);

    private static Task NeverAgainWithDeletesAsync(ConformanceContext context, CancellationToken cancellationToken) => RunAsync(context, deletes: true, cancellationToken);

    private static async Task RunAsync(ConformanceContext context, bool deletes, CancellationToken cancellationToken)
    {
        var key = context.Key("folder/object");
        var seen = new Dictionary<ObjectVersion, int>();
        for (var i = 0; i < Puts; i++)
        {
            var info = await context.Store.PutBytesAsync(key, Pattern.Bytes((ulong)i, 64), cancellationToken: cancellationToken);
            var version = info.Version ?? throw new ConformanceException("Expected a store with strong versions to give one for a put. It gives none.");
            if (!seen.TryAdd(version, i))
                throw new ConformanceException($"Expected each of {Puts} contents to have a version of its own. Number {seen[version]} and number {i} both have '{version}'.");
            if (deletes)
                await context.Store.DeleteAsync(key, cancellationToken);
        }
    }
}
