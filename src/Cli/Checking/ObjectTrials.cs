using Coffer.Cli.Parsing;

namespace Coffer.Cli.Checking;

/// <summary>Trials of single objects.</summary>
internal static class ObjectTrials
{
    private const int Rounds = 5;

    public static IReadOnlyList<StoreTrial> All { get; } =
    [
        new("put, read back", IsNeeded: true, "", PutAndReadAsync),
        new("stat", IsNeeded: true, "", StatAsync),
        new("new objects are there at once", IsNeeded: true, "others would miss what was just written", NewObjectsAsync),
        new("changes are seen at once", IsNeeded: false, "others notice a change up to 5 minutes late", ChangesAsync),
        new("read a range", IsNeeded: true, "", RangesAsync),
        new("put a stream of unknown length", IsNeeded: false, "nothing: a vault knows its lengths", StreamAsync),
        new("delete", IsNeeded: false, "what has expired stays, and takes room", DeleteAsync),
        new("keys with any characters", IsNeeded: false, "nothing: a vault's keys are a-z, 0-9, '-' and '/'", OddKeysAsync),
    ];

    private static async Task<TrialAnswer> PutAndReadAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        foreach (var length in new[] { 0, 1, 70_000 })
        {
            var (key, bytes) = (place.NewKey(), TrialPlace.NewBytes(length));
            var info = await place.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            if (info.Size != length)
                return TrialAnswer.Fails($"a put of {length} bytes was answered with {info.Size}");
            if (await place.FaultOfAsync(key, bytes, cancellationToken) is { } fault)
                return TrialAnswer.Fails(fault);
        }
        return TrialAnswer.Works(place.Store.Capabilities.MaxSize is { } most ? $"up to {ByteSize.Format(most)}" : "");
    }

    private static async Task<TrialAnswer> StatAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var key = place.NewKey();
        var before = await place.Store.StatAsync(key, cancellationToken);
        await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(123), cancellationToken: cancellationToken);
        var after = await place.Store.StatAsync(key, cancellationToken);
        return TrialAnswer.Of(before is not null ? "it showed an object that nobody had put" : after?.Size != 123 ? $"it showed {after?.Size.ToString() ?? "no object"} in place of 123 bytes" : null);
    }

    private static async Task<TrialAnswer> NewObjectsAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var folder = place.NewFolder("new");
        for (var round = 0; round < Rounds; round++)
        {
            var key = StoreKey.Parse($"{folder}{round}");
            // Asked for before it is there: a cache must not remember that.
            await place.Other.StatAsync(key, cancellationToken);
            await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
            if (await place.Other.StatAsync(key, cancellationToken) is null)
                return TrialAnswer.Fails("an object that had just been put was not found");
            if (await place.Other.ListAsync(folder, cancellationToken: cancellationToken).CountAsync(cancellationToken) != round + 1)
                return TrialAnswer.Fails("an object that had just been put was not listed");
        }
        return TrialAnswer.Works();
    }

    private static async Task<TrialAnswer> ChangesAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var key = place.NewKey();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = TrialPlace.NewBytes(100 + round);
            await place.Other.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            if (await place.FaultOfAsync(key, bytes, cancellationToken) is not null)
                return TrialAnswer.Fails("the content of before was read after a new one had been put");
        }
        return TrialAnswer.Works();
    }

    private static async Task<TrialAnswer> RangesAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var (key, bytes) = (place.NewKey(), TrialPlace.NewBytes(1000));
        await place.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
        foreach (var (range, expected) in new[] { (new ByteRange(10, 20), 10..30), (new ByteRange(900), 900..1000), (new ByteRange(990, 500), 990..1000) })
        {
            if (!(await place.Store.ReadBytesAsync(key, range, cancellationToken: cancellationToken)).AsSpan().SequenceEqual(bytes.AsSpan(expected)))
                return TrialAnswer.Fails($"the bytes {range} are not those that were asked for");
        }
        var beyond = await TrialPlace.KindOfErrorAsync(async () => await place.Store.ReadBytesAsync(key, new ByteRange(1000), cancellationToken: cancellationToken));
        return TrialAnswer.Of(beyond == StoreErrorKind.RangeNotSatisfiable ? null : $"a range behind the end was answered with {beyond?.ToString() ?? "success"}");
    }

    private static async Task<TrialAnswer> StreamAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var (key, bytes) = (place.NewKey(), TrialPlace.NewBytes(200_000));
        var body = ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)), length: null, canReopen: true);
        await place.Store.PutAsync(key, body, cancellationToken: cancellationToken);
        return TrialAnswer.Of(await place.FaultOfAsync(key, bytes, cancellationToken));
    }

    private static async Task<TrialAnswer> DeleteAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, 3).Select(_ => place.NewKey()).ToList();
        foreach (var key in keys)
            await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        await place.Store.DeleteAsync(keys[0], cancellationToken);
        await place.Store.DeleteAsync(keys[0], cancellationToken);
        await place.Store.DeleteManyAsync(keys, cancellationToken);
        foreach (var key in keys)
        {
            if (await place.Other.StatAsync(key, cancellationToken) is not null)
                return TrialAnswer.Fails("an object was there after it had been deleted");
        }
        return TrialAnswer.Works();
    }

    private static async Task<TrialAnswer> OddKeysAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var folder = place.NewFolder("odd");
        string[] names = ["with space", "a+b", "100%", "%41", "#?&=;:@", "'\"<>|*", "~", ".hidden", "end.", "Ü", "U\u0308", "漢字", "😀", "Case", "case"];
        var (refused, lost) = (new List<string>(), new List<string>());
        foreach (var name in names)
        {
            var (key, bytes) = (StoreKey.Parse(folder + name), System.Text.Encoding.UTF8.GetBytes(name));
            var error = await TrialPlace.KindOfErrorAsync(async () => await place.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken));
            if (error is not null)
                refused.Add(name);
        }
        var listed = await place.Store.ListAsync(folder, cancellationToken: cancellationToken).Select(entry => entry.Key.Value[folder.Length..]).ToListAsync(cancellationToken);
        foreach (var name in names.Except(refused, StringComparer.Ordinal))
        {
            var error = await TrialPlace.KindOfErrorAsync(async () =>
            {
                if (await place.FaultOfAsync(StoreKey.Parse(folder + name), System.Text.Encoding.UTF8.GetBytes(name), cancellationToken) is not null)
                    lost.Add(name);
            });
            if (error is not null || !listed.Contains(name, StringComparer.Ordinal))
                lost.Add(name);
        }
        return lost.Count > 0 ? TrialAnswer.Fails($"put and not found again: {Shown(lost)}") : refused.Count > 0 ? TrialAnswer.Lacks($"refused: {Shown(refused)}") : TrialAnswer.Works();
    }

    private static string Shown(IEnumerable<string> names) => string.Join(", ", names.Distinct(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
