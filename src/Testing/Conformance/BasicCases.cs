namespace Coffer.Testing;

internal static class BasicCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("An_object_reads_back_as_it_was_put", StoreConformance.Always, ReadsBackAsync),
        new("What_put_stat_read_and_list_say_of_an_object_agrees", StoreConformance.Always, InfoAgreesAsync),
        new("A_missing_object_is_null_to_stat_and_NotFound_to_read", StoreConformance.Always, MissingAsync),
        new("A_put_replaces_an_object_whole_by_a_longer_or_shorter_one", StoreConformance.Always, ReplacesAsync),
        new("A_delete_removes_one_object_and_no_other_and_a_missing_one_is_success", StoreConformance.Always, DeletesAsync),
        new("Many_objects_are_deleted_at_once_with_missing_ones_among_them", StoreConformance.Always, DeletesManyAsync),
        new("Deleting_none_of_many_does_nothing", StoreConformance.Always, async (context, token) => await context.Store.DeleteManyAsync([], token)),
        new("An_empty_object_is_an_object", StoreConformance.Always, EmptyAsync),
        new("The_store_tells_its_own_time", static can => can.StoreTime, TellsTimeAsync),
        new("The_default_key_is_refused_by_every_operation", StoreConformance.Always, DefaultKeyAsync),
        new("A_store_has_a_name_and_finds_itself", StoreConformance.Always, FindsAsync),
    ];

    private static async Task ReadsBackAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var size in (int[])[1, 2, 4095, 4096, 65_535, 65_536, 65_537, 1_000_003])
        {
            var (key, bytes) = (context.Key($"folder/size-{size}"), Pattern.Bytes((ulong)size, size));
            await context.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            await Expect.ContentAsync(context.Store, key, bytes, cancellationToken);
        }
    }

    private static async Task InfoAgreesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key) = (context.Store, context.Key("a/b/object"));
        var put = await store.PutBytesAsync(key, Pattern.Bytes(1, 1234), cancellationToken: cancellationToken);
        var stat = await store.StatAsync(key, cancellationToken) ?? throw new ConformanceException($"Expected a stat of '{key}'. Found none after it was put.");
        await using var reader = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        ObjectInfo? listed = null;
        await foreach (var entry in store.ListAsync(key.Value, cancellationToken: cancellationToken))
            listed = entry;
        foreach (var (info, from) in ((ObjectInfo?, string)[])[(put, "the put"), (stat, "the stat"), (reader.Info, "the read"), (listed, "the listing")])
        {
            Expect.That(info is not null, $"{from} of '{key}' gives its info");
            Expect.Equal(key, info!.Key, $"the key in {from}");
            Expect.Equal(1234, info.Size, $"the size in {from}");
            Expect.Equal(false, info.IsPrefix, $"IsPrefix in {from}");
            Expect.Equal(put.Version, info.Version, $"the version in {from}");
            if (info.LastModified is not null && stat.LastModified is not null && info != put)
                Expect.Equal(stat.LastModified.Value.ToUnixTimeSeconds(), info.LastModified.Value.ToUnixTimeSeconds(), $"the time of modification in {from}");
        }
        Expect.Equal(1234L, reader.Length, "the length of the content");
        Expect.Equal(null, reader.Range, "the range of a read of the whole");
    }

    private static async Task MissingAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var key in (StoreKey[])[context.Key("nothing"), context.Key("no/such/folder/nothing")])
        {
            await Expect.AbsentAsync(context.Store, key, cancellationToken);
            var error = await Expect.ErrorAsync(StoreErrorKind.NotFound, StoreOperation.Read, "reading a missing object",
                async () => await context.Store.ReadBytesAsync(key, cancellationToken: cancellationToken));
            Expect.Equal(key.Value, error.Key, "the key named by NotFound");
            Expect.That(!error.IsTransient, "NotFound is not transient");
        }
    }

    private static async Task ReplacesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("folder/object");
        foreach (var (seed, size) in ((ulong, int)[])[(1, 5000), (2, 70_000), (3, 10), (4, 0), (5, 5000)])
        {
            var info = await context.Store.PutBytesAsync(key, Pattern.Bytes(seed, size), cancellationToken: cancellationToken);
            Expect.Equal(size, info.Size, "the size that the put gives");
            await Expect.ContentAsync(context.Store, key, Pattern.Bytes(seed, size), cancellationToken);
        }
        Expect.Sequence([key.Value], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after five puts of one key");
    }

    private static async Task DeletesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var store = context.Store;
        string[] others = ["folder/ab", "folder/a.b", "folder/other/a", "folders/a"];
        foreach (var other in others)
            await store.PutBytesAsync(context.Key(other), Pattern.Bytes(1, 10), cancellationToken: cancellationToken);
        var key = context.Key("folder/a");
        await store.PutBytesAsync(key, Pattern.Bytes(2, 10), cancellationToken: cancellationToken);
        await store.DeleteAsync(key, cancellationToken);
        await Expect.AbsentAsync(store, key, cancellationToken);
        await Expect.ErrorAsync(StoreErrorKind.NotFound, StoreOperation.Read, "reading a deleted object",
            async () => await store.ReadBytesAsync(key, cancellationToken: cancellationToken));
        await store.DeleteAsync(key, cancellationToken);
        await store.DeleteAsync(context.Key("no/such/folder/a"), cancellationToken);
        await store.DeleteAsync(context.Key("folder"), cancellationToken);
        Expect.Sequence([.. others.Select(other => context.Key(other)).Order().Select(static other => other.Value)],
            await store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after one delete and three of nothing");
        await store.PutBytesAsync(key, Pattern.Bytes(3, 20), cancellationToken: cancellationToken);
        await Expect.ContentAsync(store, key, Pattern.Bytes(3, 20), cancellationToken);
    }

    private static async Task DeletesManyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        const int Count = 1100;
        var keys = Enumerable.Range(0, Count).Select(i => context.Key($"many/{i % 7}/{i:d5}")).ToArray();
        var kept = context.Key("many/kept");
        await Parallel.ForEachAsync(keys.Append(kept), cancellationToken, async (key, token) =>
            await context.Store.PutBytesAsync(key, Pattern.Bytes(1, 3), cancellationToken: token));
        await context.Store.DeleteManyAsync([.. keys, .. keys.Take(5), context.Key("many/none"), context.Key("none/at/all")], cancellationToken);
        Expect.Sequence([kept.Value], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), $"a listing after deleting {Count} of {Count + 1} objects");
    }

    private static async Task EmptyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("empty");
        await context.Store.PutBytesAsync(key, ReadOnlyMemory<byte>.Empty, cancellationToken: cancellationToken);
        Expect.Equal(0, (await context.Store.StatAsync(key, cancellationToken))?.Size, "the size of an empty object");
        await Expect.ContentAsync(context.Store, key, ReadOnlyMemory<byte>.Empty, cancellationToken);
        Expect.Sequence([key.Value], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing with an empty object");
    }

    private static async Task TellsTimeAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        var put = await context.Store.PutBytesAsync(key, Pattern.Bytes(1, 10), cancellationToken: cancellationToken);
        var stat = await context.Store.StatAsync(key, cancellationToken);
        await using var reader = await context.Store.OpenReadAsync(key, cancellationToken: cancellationToken);
        Expect.That(put.StoreTime is not null && stat?.StoreTime is not null && reader.Info.StoreTime is not null, "put, stat and read carry the store's time");
        await foreach (var entry in context.Store.ListAsync(context.Prefix, cancellationToken: cancellationToken))
            Expect.That(entry.StoreTime is not null, "the entries of a listing carry the store's time");
        if (stat!.LastModified is { } modified)
        {
            // Times of HTTP are whole seconds, so the one may be cut and the other not.
            Expect.That(stat.StoreTime >= modified - TimeSpan.FromSeconds(2), "an object is not modified after the store's own time");
        }
    }

    private static async Task DefaultKeyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var store = context.Store;
        await Expect.ErrorAsync(StoreErrorKind.InvalidKey, StoreOperation.Stat, "a stat of the default key", async () => await store.StatAsync(default, cancellationToken));
        await Expect.ErrorAsync(StoreErrorKind.InvalidKey, StoreOperation.Read, "a read of the default key", async () => await store.OpenReadAsync(default, cancellationToken: cancellationToken));
        await Expect.ErrorAsync(StoreErrorKind.InvalidKey, StoreOperation.Put, "a put of the default key", async () => await store.PutBytesAsync(default, new byte[1], cancellationToken: cancellationToken));
        await Expect.ErrorAsync(StoreErrorKind.InvalidKey, StoreOperation.Delete, "a delete of the default key", async () => await store.DeleteAsync(default, cancellationToken));
    }

    private static Task FindsAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        Expect.That(context.Store.Name.Contains("://", StringComparison.Ordinal), $"the store's name is its URL without secrets, and not '{context.Store.Name}'");
        Expect.That(context.Store.Find<IStore>() is not null, "a store finds itself");
        Expect.That(context.Store.Find(typeof(IFormattable)) is null, "a store does not find what it is not");
        return Task.CompletedTask;
    }
}
