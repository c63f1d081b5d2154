using System.Buffers.Binary;
using System.Globalization;

namespace Coffer.Testing;

internal static class RaceCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("Of_many_creators_of_one_key_exactly_one_wins_and_the_object_is_its_own_whole", static can => can.IfAbsent, CreatorsAsync),
        new("Of_many_writers_that_know_one_version_exactly_one_replaces_it", static can => can.IfMatch, ReplacersAsync),
        new("A_counter_that_many_increment_by_version_loses_nothing", static can => can.IfMatch, CounterAsync),
        new("Readers_never_see_a_part_or_a_mixture_while_an_object_is_overwritten", StoreConformance.Always, ReadersAsync),
        new("Puts_and_deletes_in_one_folder_do_not_harm_each_other", StoreConformance.Always, FolderComesAndGoesAsync),
    ];

    private static async Task CreatorsAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        for (var round = 0; round < context.Rounds; round++)
        {
            var key = context.Key($"race/{round}/object");
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, context.Writers).Select(async writer =>
            {
                await start.Task;
                return await WinsAsync(context.Store, key, Body(writer), PutOptions.CreateOnly, StoreErrorKind.AlreadyExists, cancellationToken) ? writer : -1;
            }).ToArray();
            start.SetResult();
            var winners = (await Task.WhenAll(writers)).Where(static writer => writer >= 0).ToArray();
            Expect.Equal(1, winners.Length, $"the number of winners among {context.Writers} creators in round {round}");
            await Expect.ContentAsync(context.Store, key, Content(winners[0]), cancellationToken);
            Expect.Sequence([key.Value], await context.Store.NamesAsync(key.Value, cancellationToken: cancellationToken), $"a listing after round {round}");
        }

        // Each writer has content and length of its own, and every second one a stream instead of bytes in memory.
        static int SizeOf(int writer) => 1000 + (writer * 5003);
        static byte[] Content(int writer) => Pattern.Bytes((ulong)writer, SizeOf(writer));
        static ObjectBody Body(int writer) => writer % 2 == 0
            ? ObjectBody.FromBytes(Content(writer))
            : ObjectBody.FromStream(new PatternStream((ulong)writer, SizeOf(writer), most: 1009), SizeOf(writer));
    }

    private static async Task ReplacersAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("folder/object");
        for (var round = 0; round < context.Rounds; round++)
        {
            var version = (await context.Store.PutBytesAsync(key, Pattern.Bytes(99, 100), cancellationToken: cancellationToken)).Version;
            var options = new PutOptions { Condition = PutCondition.IfMatch(version!.Value) };
            var writers = Enumerable.Range(0, context.Writers).Select(async writer =>
            {
                await Task.Yield();
                var body = ObjectBody.FromBytes(Pattern.Bytes((ulong)writer, 100));
                return await WinsAsync(context.Store, key, body, options, StoreErrorKind.ConditionFailed, cancellationToken) ? writer : -1;
            });
            var winners = (await Task.WhenAll(writers)).Where(static writer => writer >= 0).ToArray();
            Expect.Equal(1, winners.Length, $"the number of winners among {context.Writers} who replace one version in round {round}");
            await Expect.ContentAsync(context.Store, key, Pattern.Bytes((ulong)winners[0], 100), cancellationToken);
        }
    }

    private static async Task<bool> WinsAsync(
        IStore store, StoreKey key, ObjectBody body, PutOptions options, StoreErrorKind loserGets, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(key, body, options, cancellationToken);
            return true;
        }
        catch (StoreException exception) when (exception.Kind == loserGets)
        {
            return false;
        }
    }

    private static async Task CounterAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        const int Each = 25;
        var key = context.Key("folder/counter");
        await context.Store.PutTextAsync(key, "0", cancellationToken: cancellationToken);
        var writers = Math.Min(8, context.Writers);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            for (var done = 0; done < Each;)
            {
                await Task.Yield();
                await using var reader = await context.Store.OpenReadAsync(key, cancellationToken: cancellationToken);
                var value = int.Parse(await reader.ReadToEndAsync(cancellationToken: cancellationToken), CultureInfo.InvariantCulture);
                var next = System.Text.Encoding.ASCII.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture));
                var options = new PutOptions { Condition = PutCondition.IfMatch(reader.Info.Version!.Value) };
                if (await WinsAsync(context.Store, key, ObjectBody.FromBytes(next), options, StoreErrorKind.ConditionFailed, cancellationToken))
                    done++;
            }
        }));
        Expect.Equal((writers * Each).ToString(CultureInfo.InvariantCulture), await context.Store.ReadTextAsync(key, cancellationToken), $"the counter after {writers} times {Each} increments");
    }

    private static async Task ReadersAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("folder/object");
        await context.Store.PutBytesAsync(key, Marked(0), cancellationToken: cancellationToken);
        var rounds = context.Rounds * 2;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var reads = 0;
            while (!done.IsCancellationRequested)
            {
                // A store in memory never waits by itself; without this the first reader would read for ever.
                await Task.Yield();
                CheckMarked(await context.Store.ReadBytesAsync(key, cancellationToken: cancellationToken));
                reads++;
            }
            return reads;
        }).ToArray();
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                var bytes = Marked(round);
                await context.Store.PutAsync(key, ObjectBody.FromStream(new MemoryStream(bytes)), cancellationToken: cancellationToken);
            }
        }
        finally
        {
            await done.CancelAsync();
        }
        await Task.WhenAll(readers);
        Expect.Bytes(Marked(rounds), await context.Store.ReadBytesAsync(key, cancellationToken: cancellationToken), "the object after all overwrites");
    }

    /// <summary>A content that says at its beginning what the rest must be.</summary>
    private static byte[] Marked(int round)
    {
        var bytes = Pattern.Bytes((ulong)round, 100_000 + (round * 7919 % 200_000));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, round);
        return bytes;
    }

    private static void CheckMarked(byte[] found)
    {
        Expect.That(found.Length >= 100_000, $"a reader sees a whole object (here: {found.Length} bytes)");
        Expect.Bytes(Marked(BinaryPrimitives.ReadInt32LittleEndian(found)), found, "an object that is read while it is overwritten");
    }

    /// <summary>On a file system the last delete removes the folder that the next put needs.</summary>
    private static async Task FolderComesAndGoesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var round = 0; round < context.Rounds * 2; round++)
            {
                await Task.Yield();
                var (key, bytes) = (context.Key($"come/and/go/{writer}"), Pattern.Bytes((ulong)round, 100));
                await context.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
                await Expect.ContentAsync(context.Store, key, bytes, cancellationToken);
                await context.Store.DeleteAsync(key, cancellationToken);
                Expect.Equal(null, await context.Store.StatAsync(key, cancellationToken), $"the stat of '{key}' after its delete");
            }
        }));
        Expect.Sequence([], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after everything was deleted");
    }
}
