namespace Coffer.Testing;

internal static class BodyCases
{
    private const int Size = 300_000;
    private const string SourceFault = "The source of the body failed, as this case told it to.";

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_body_comes_from_any_source_whole", StoreConformance.Always, SourcesAsync),
        new("A_stream_is_taken_from_where_it_stands_and_left_open", StoreConformance.Always, StreamsAsync),
        new("A_source_that_the_put_opened_is_disposed_by_it", StoreConformance.Always, DisposesAsync),
        new("A_body_shorter_or_longer_than_announced_leaves_nothing", StoreConformance.Always, WrongLengthAsync),
        new("A_source_that_fails_leaves_the_old_object", StoreConformance.Always, FailingSourceAsync),
        new("Progress_tells_the_bytes_and_ends_with_all_of_them", StoreConformance.Always, ProgressAsync),
    ];

    private static IEnumerable<(string Name, ObjectBody Body)> Bodies(ulong seed, int size, bool knownOnly)
    {
        yield return ("bytes", ObjectBody.FromBytes(Pattern.Bytes(seed, size)));
        yield return ("a seekable stream", ObjectBody.FromStream(new PatternStream(seed, size, seekable: true)));
        yield return ("a stream with a length", ObjectBody.FromStream(new PatternStream(seed, size), size));
        yield return ("a stream of small reads", ObjectBody.FromStream(new PatternStream(seed, size, most: 701), size));
        yield return ("a source", ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new PatternStream(seed, size)), size, canReopen: true));
        if (knownOnly)
            yield break;
        yield return ("a stream without a length", ObjectBody.FromStream(new PatternStream(seed, size)));
        yield return ("a source without a length", ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new PatternStream(seed, size)), null, canReopen: true));
    }

    private static async Task SourcesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var size in (int[])[0, 1, Size])
        {
            foreach (var options in (PutOptions[])[PutOptions.Default, PutOptions.CreateOnly])
            {
                if (options.Condition.Kind == PutConditionKind.IfAbsent && !context.Can.IfAbsent)
                    continue;
                foreach (var (name, body) in Bodies((ulong)size + 1, size, knownOnly: options.Condition.Kind == PutConditionKind.IfAbsent))
                {
                    var key = context.Key($"{options.Condition.Kind}/{size}/{name.Replace(' ', '-')}");
                    var info = await context.Store.PutAsync(key, body, options, cancellationToken);
                    Expect.Equal(size, info.Size, $"the size after a put of {name}");
                    await Expect.ContentAsync(context.Store, key, Pattern.Bytes((ulong)size + 1, size), cancellationToken);
                }
            }
        }
    }

    private static async Task StreamsAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        var stream = new PatternStream(5, Size, seekable: true);
        stream.Seek(1000, SeekOrigin.Begin);
        await context.Store.PutAsync(key, ObjectBody.FromStream(stream), cancellationToken: cancellationToken);
        await Expect.ContentAsync(context.Store, key, Pattern.Bytes(5, Size).AsMemory(1000), cancellationToken);
        Expect.That(!stream.IsDisposed, "a put leaves the caller's stream open");
    }

    private static async Task DisposesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var opened = new List<PatternStream>();
        var body = ObjectBody.FromSource(_ =>
        {
            opened.Add(new PatternStream(5, Size));
            return ValueTask.FromResult<Stream>(opened[^1]);
        }, Size, canReopen: true);
        await context.Store.PutAsync(context.Key("object"), body, cancellationToken: cancellationToken);
        Expect.That(opened.TrueForAll(static stream => stream.IsDisposed), "a put disposes each source that it opened");
    }

    private static async Task WrongLengthAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var existing = context.Key("folder/existing");
        await context.Store.PutBytesAsync(existing, Pattern.Bytes(1, 50), cancellationToken: cancellationToken);
        foreach (var (announced, actual) in ((long, long)[])[(Size, Size - 1), (Size, Size + 1), (Size, 0), (0, 1), (1, 0), (10, Size)])
        {
            foreach (var key in (StoreKey[])[existing, context.Key("folder/new")])
            {
                await Expect.ErrorAsync(StoreErrorKind.Unexpected, StoreOperation.Put, $"a put of {actual} bytes announced as {announced}",
                    async () => await context.Store.PutAsync(key, ObjectBody.FromStream(new PatternStream(2, actual), announced), cancellationToken: cancellationToken));
            }
            await OnlyTheOldAsync(context, existing, cancellationToken);
        }
    }

    private static async Task FailingSourceAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var existing = context.Key("folder/existing");
        await context.Store.PutBytesAsync(existing, Pattern.Bytes(1, 50), cancellationToken: cancellationToken);
        foreach (var key in (StoreKey[])[existing, context.Key("folder/new")])
        {
            foreach (var length in (long?[])[Size, null])
            {
                var stream = new PatternStream(2, Size, reading: static at => ThrowFrom(at, 100_000), most: 50_000);
                await FailsWithSourceAsync(async () => await context.Store.PutAsync(key, ObjectBody.FromStream(stream, length), cancellationToken: cancellationToken));
            }
            await FailsWithSourceAsync(async () => await context.Store.PutAsync(
                key, ObjectBody.FromSource(static _ => throw new IOException(SourceFault), Size, canReopen: false), cancellationToken: cancellationToken));
            await OnlyTheOldAsync(context, existing, cancellationToken);
        }
    }

    private static void ThrowFrom(long position, long limit)
    {
        if (position >= limit)
            throw new IOException(SourceFault);
    }

    private static async Task FailsWithSourceAsync(Func<Task> put)
    {
        try
        {
            await put();
        }
        catch (Exception exception) when (exception is not ConformanceException)
        {
            for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            {
                if (cause is IOException && cause.Message == SourceFault)
                    return;
            }
            throw new ConformanceException($"Expected a put whose source fails to give the source's error, itself or inside. Found {exception.GetType().Name}: {exception.Message}", exception);
        }
        throw new ConformanceException("Expected a put whose source fails to fail. It succeeded.");
    }

    private static async Task OnlyTheOldAsync(ConformanceContext context, StoreKey old, CancellationToken cancellationToken)
    {
        await Expect.ContentAsync(context.Store, old, Pattern.Bytes(1, 50), cancellationToken);
        Expect.Sequence([old.Value], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after puts that failed");
    }

    private static async Task ProgressAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var (name, body) in Bodies(3, Size, knownOnly: false))
        {
            var progress = new ProgressLog();
            await context.Store.PutAsync(context.Key("object"), body, new PutOptions { Progress = progress }, cancellationToken);
            var reports = progress.Values;
            Expect.That(reports.Count > 0, $"a put of {name} reports progress");
            Expect.Equal(Size, reports[^1], $"the last progress of a put of {name}");
            for (var i = 1; i < reports.Count; i++)
                Expect.That(reports[i] >= reports[i - 1], $"progress of a put of {name} that is not repeated does not go back ({reports[i - 1]}, then {reports[i]})");
        }
    }
}
