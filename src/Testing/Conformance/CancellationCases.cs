namespace Coffer.Testing;

internal static class CancellationCases
{
    private const int Size = 8 << 20;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_cancelled_token_stops_every_operation_before_it_does_anything", StoreConformance.Always, BeforeAsync),
        new("Cancelling_while_a_body_is_opened_leaves_nothing", StoreConformance.Always, WhileOpeningAsync),
        new("Cancelling_in_the_middle_of_a_body_leaves_the_old_object", StoreConformance.Always, MiddleOfPutAsync),
        new("Cancelling_in_the_middle_of_a_read_stops_it_and_harms_nothing", StoreConformance.Always, MiddleOfReadAsync),
        new("Cancelling_between_two_entries_stops_a_listing", StoreConformance.Always, BetweenEntriesAsync),
    ];

    private static async Task BeforeAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, key, absent) = (context.Store, context.Key("folder/object"), context.Key("folder/absent"));
        await store.PutBytesAsync(key, Pattern.Bytes(1, 50), cancellationToken: cancellationToken);
        var cancelled = new CancellationToken(canceled: true);
        await Expect.CancelledAsync("a stat", async () => await store.StatAsync(key, cancelled));
        await Expect.CancelledAsync("a read", async () => await store.OpenReadAsync(key, cancellationToken: cancelled));
        await Expect.CancelledAsync("a put over an object", async () => await store.PutBytesAsync(key, Pattern.Bytes(2, 60), cancellationToken: cancelled));
        await Expect.CancelledAsync("a put of a new object", async () => await store.PutBytesAsync(absent, Pattern.Bytes(2, 60), cancellationToken: cancelled));
        await Expect.CancelledAsync("a delete", async () => await store.DeleteAsync(key, cancelled));
        await Expect.CancelledAsync("a delete of many", async () => await store.DeleteManyAsync([key], cancelled));
        await Expect.CancelledAsync("a listing", async () => await store.NamesAsync(context.Prefix, cancellationToken: cancelled));
        if (context.Can.IfAbsent)
            await Expect.CancelledAsync("a creation", async () => await store.PutBytesAsync(absent, Pattern.Bytes(2, 60), PutOptions.CreateOnly, cancelled));
        await Expect.ContentAsync(store, key, Pattern.Bytes(1, 50), cancellationToken);
        Expect.Sequence([key.Value], await store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after operations that were cancelled beforehand");
    }

    private static async Task WhileOpeningAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("folder/object");
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var body = ObjectBody.FromSource(async token =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return Stream.Null;
        }, Size, canReopen: true);
        await Expect.CancelledAsync("a put whose body is being opened", async () => await context.Store.PutAsync(key, body, cancellationToken: source.Token));
        await Expect.AbsentAsync(context.Store, key, cancellationToken);
    }

    private static async Task MiddleOfPutAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (store, old, absent) = (context.Store, context.Key("folder/old"), context.Key("folder/absent"));
        await store.PutBytesAsync(old, Pattern.Bytes(1, 50), cancellationToken: cancellationToken);
        foreach (var key in (StoreKey[])[old, absent])
        {
            foreach (var length in (long?[])[Size, null])
            {
                foreach (var at in (int[])[0, 1, Size / 2])
                {
                    using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    var stream = new PatternStream(2, Size, reading: position => CancelFrom(source, position, at), most: 100_000);
                    await Expect.CancelledAsync($"a put that is cancelled when {at} of its {Size} bytes were read",
                        async () => await store.PutAsync(key, ObjectBody.FromStream(stream, length), cancellationToken: source.Token));
                }
            }
        }
        await Expect.ContentAsync(store, old, Pattern.Bytes(1, 50), cancellationToken);
        Expect.Sequence([old.Value], await store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after puts that were cancelled");
        await store.PutBytesAsync(absent, Pattern.Bytes(3, 60), cancellationToken: cancellationToken);
        await Expect.ContentAsync(store, absent, Pattern.Bytes(3, 60), cancellationToken);
    }

    private static void CancelFrom(CancellationTokenSource source, long position, int at)
    {
        if (position >= at)
            source.Cancel();
    }

    private static async Task MiddleOfReadAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        await context.Store.PutBytesAsync(key, Pattern.Bytes(1, Size), cancellationToken: cancellationToken);
        using (var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await using var reader = await context.Store.OpenReadAsync(key, cancellationToken: source.Token);
            await reader.Content.ReadExactlyAsync(new byte[1000], source.Token);
            await source.CancelAsync();
            await Expect.CancelledAsync("the rest of a read", async () => await reader.Content.ReadExactlyAsync(new byte[Size - 1000], source.Token));
        }
        await Expect.ContentAsync(context.Store, key, Pattern.Bytes(1, Size), cancellationToken);
    }

    private static async Task BetweenEntriesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 10; i++)
            await context.Store.PutBytesAsync(context.Key($"{i % 2}/{i}"), new byte[1], cancellationToken: cancellationToken);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var given = 0;
        await Expect.CancelledAsync("a listing after its third entry", async () =>
        {
            await foreach (var _ in context.Store.ListAsync(context.Prefix, cancellationToken: source.Token))
            {
                if (++given == 3)
                    await source.CancelAsync();
            }
        });
        Expect.Equal(3, given, "the number of entries before the listing stopped");
    }
}
