namespace Coffer.Testing;

internal static class ConditionCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_create_only_put_creates_once_and_then_is_AlreadyExists", static can => can.IfAbsent, CreatesOnceAsync),
        new("A_create_only_put_of_unknown_length_is_Unsupported_before_its_body_is_opened", static can => can.IfAbsent, UnknownLengthAsync),
        new("A_conditional_put_above_the_limit_is_Unsupported_before_its_body_is_opened", static can => can.MaxConditionalSize is not null, AboveTheLimitAsync),
        new("An_object_above_the_largest_size_is_refused_before_its_body_is_opened", static can => can.MaxSize is not null and < long.MaxValue, AboveTheLargestAsync),
        new("A_condition_that_the_store_lacks_is_Unsupported_before_any_request", static can => !can.IfAbsent || !can.IfMatch || !can.IfNoneMatch, LackingAsync),
        new("A_put_of_a_known_version_replaces_it_and_another_version_is_ConditionFailed", static can => can.IfMatch, MatchesAsync),
        new("A_put_of_a_known_version_of_a_missing_object_is_ConditionFailed", static can => can.IfMatch, MatchesMissingAsync),
        new("A_read_of_a_version_that_is_known_is_ConditionFailed_and_of_another_gives_it", static can => can.IfNoneMatch, NoneMatchAsync),
    ];

    private static async Task CreatesOnceAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key) = (context.Store, context.Key("folder/object"));
        var created = await store.PutBytesAsync(key, Pattern.Bytes(1, 100), PutOptions.CreateOnly, cancellationToken);
        var error = await Expect.ErrorAsync(StoreErrorKind.AlreadyExists, StoreOperation.Put, "creating what exists",
            async () => await store.PutBytesAsync(key, Pattern.Bytes(2, 200), PutOptions.CreateOnly, cancellationToken));
        Expect.Equal(key.Value, error.Key, "the key named by AlreadyExists");
        Expect.That(!error.IsTransient, "AlreadyExists is not transient");
        await Expect.ErrorAsync(StoreErrorKind.AlreadyExists, StoreOperation.Put, "creating what exists from a stream",
            async () => await store.PutAsync(key, ObjectBody.FromStream(new PatternStream(3, 300), 300), PutOptions.CreateOnly, cancellationToken));
        await Expect.ContentAsync(store, key, Pattern.Bytes(1, 100), cancellationToken);
        Expect.Equal(created.Version, (await store.StatAsync(key, cancellationToken))?.Version, "the version after two creations that lost");
        await store.DeleteAsync(key, cancellationToken);
        await store.PutAsync(key, ObjectBody.FromStream(new PatternStream(4, 400), 400), PutOptions.CreateOnly, cancellationToken);
        await Expect.ContentAsync(store, key, Pattern.Bytes(4, 400), cancellationToken);
    }

    private static async Task UnknownLengthAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        await RefusedUnopenedAsync(context, key, PutOptions.CreateOnly, null, cancellationToken);
        await Expect.AbsentAsync(context.Store, key, cancellationToken);
    }

    private static async Task AboveTheLimitAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var above = context.Can.MaxConditionalSize + 1;
        if (context.Can.IfAbsent)
            await RefusedUnopenedAsync(context, context.Key("object"), PutOptions.CreateOnly, above, cancellationToken);
        if (context.Can.IfMatch)
            await RefusedUnopenedAsync(context, context.Key("object"), Matching("any"), above, cancellationToken);
    }

    private static Task AboveTheLargestAsync(ConformanceContext context, CancellationToken cancellationToken) =>
        RefusedUnopenedAsync(context, context.Key("object"), PutOptions.Default, context.Can.MaxSize + 1, cancellationToken);

    private static async Task LackingAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        await context.Store.PutBytesAsync(key, Pattern.Bytes(1, 10), cancellationToken: cancellationToken);
        if (!context.Can.IfAbsent)
            await RefusedUnopenedAsync(context, key, PutOptions.CreateOnly, 10, cancellationToken);
        if (!context.Can.IfMatch)
            await RefusedUnopenedAsync(context, key, Matching("any"), 10, cancellationToken);
        if (!context.Can.IfNoneMatch)
        {
            await Expect.ErrorAsync(StoreErrorKind.Unsupported, StoreOperation.Read, "a read with IfNoneMatch",
                async () => await context.Store.OpenReadAsync(key, new ReadOptions { IfNoneMatch = new ObjectVersion("any") }, cancellationToken));
        }
        await Expect.ContentAsync(context.Store, key, Pattern.Bytes(1, 10), cancellationToken);
    }

    private static async Task RefusedUnopenedAsync(ConformanceContext context, StoreKey key, PutOptions options, long? length, CancellationToken cancellationToken)
    {
        var opened = false;
        var body = ObjectBody.FromSource(_ =>
        {
            opened = true;
            return ValueTask.FromResult<Stream>(new PatternStream(1, length ?? 10));
        }, length, canReopen: true);
        await Expect.ErrorAsync(StoreErrorKind.Unsupported, StoreOperation.Put, $"a put ({options.Condition.Kind}) of {length?.ToString() ?? "unknown"} bytes",
            async () => await context.Store.PutAsync(key, body, options, cancellationToken));
        Expect.That(!opened, "the body of a put that is Unsupported is not opened");
    }

    private static async Task MatchesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key) = (context.Store, context.Key("folder/object"));
        var first = await VersionAsync(store, key, 1, PutOptions.Default, cancellationToken);
        var second = await VersionAsync(store, key, 2, Matching(first.Value), cancellationToken);
        await Expect.ContentAsync(store, key, Pattern.Bytes(2, 100), cancellationToken);
        var error = await Expect.ErrorAsync(StoreErrorKind.ConditionFailed, StoreOperation.Put, "replacing a version that is gone",
            async () => await VersionAsync(store, key, 3, Matching(first.Value), cancellationToken));
        Expect.That(!error.IsTransient, "ConditionFailed is not transient");
        await Expect.ContentAsync(store, key, Pattern.Bytes(2, 100), cancellationToken);
        Expect.Equal(second, (await store.StatAsync(key, cancellationToken))?.Version, "the version after a condition that failed");
    }

    private static async Task MatchesMissingAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key) = (context.Store, context.Key("folder/object"));
        var version = await VersionAsync(store, key, 1, PutOptions.Default, cancellationToken);
        await store.DeleteAsync(key, cancellationToken);
        await Expect.ErrorAsync(StoreErrorKind.ConditionFailed, StoreOperation.Put, "replacing a version of a deleted object",
            async () => await VersionAsync(store, key, 2, Matching(version.Value), cancellationToken));
        await Expect.AbsentAsync(store, key, cancellationToken);
        await Expect.ErrorAsync(StoreErrorKind.ConditionFailed, StoreOperation.Put, "replacing a version of an object that never was",
            async () => await VersionAsync(store, context.Key("never/was"), 2, Matching(version.Value), cancellationToken));
        await Expect.AbsentAsync(store, context.Key("never/was"), cancellationToken);
    }

    private static async Task NoneMatchAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key) = (context.Store, context.Key("folder/object"));
        var first = await VersionAsync(store, key, 1, PutOptions.Default, cancellationToken);
        await Expect.ErrorAsync(StoreErrorKind.ConditionFailed, StoreOperation.Read, "reading a version that is known",
            async () => await store.OpenReadAsync(key, new ReadOptions { IfNoneMatch = first }, cancellationToken));
        await VersionAsync(store, key, 2, PutOptions.Default, cancellationToken);
        await using var reader = await store.OpenReadAsync(key, new ReadOptions { IfNoneMatch = first }, cancellationToken);
        Expect.Bytes(Pattern.Bytes(2, 100), await reader.ReadToEndAsync(cancellationToken: cancellationToken), "a version that is not known");
    }

    private static async Task<ObjectVersion> VersionAsync(IStore store, StoreKey key, ulong seed, PutOptions options, CancellationToken cancellationToken) =>
        (await store.PutBytesAsync(key, Pattern.Bytes(seed, 100), options, cancellationToken)).Version
            ?? throw new ConformanceException("Expected a put to a store with version conditions to give a version. It gives none.");

    private static PutOptions Matching(string version) => new() { Condition = PutCondition.IfMatch(new ObjectVersion(version)) };
}
