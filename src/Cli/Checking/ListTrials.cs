namespace Coffer.Cli.Checking;

/// <summary>Trials of listings, and of what goes beyond the contract.</summary>
internal static class ListTrials
{
    private const int Objects = 25;
    private const int PageSize = 10;

    public static IReadOnlyList<StoreTrial> All { get; } =
    [
        new("list in order", IsNeeded: true, "", OrderAsync),
        new("list from a key on", IsNeeded: true, "", StartAfterAsync),
        new("list one level", IsNeeded: false, "nothing: a vault does not need it", ShallowAsync),
        new("URLs for others (presigned)", IsNeeded: false, "nothing: a vault does not need it", PresignAsync),
    ];

    private static async Task<TrialAnswer> OrderAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var (folder, keys) = await PutManyAsync(place, cancellationToken);
        var all = await NamesAsync(place, folder, new ListOptions { PageSize = PageSize }, cancellationToken);
        if (!all.SequenceEqual(keys, StringComparer.Ordinal))
            return TrialAnswer.Fails(all.Count == keys.Count ? "the keys are not in the order of their bytes" : $"{all.Count} of {keys.Count} keys were listed");
        var some = await NamesAsync(place, folder + "k1", ListOptions.Default, cancellationToken);
        return TrialAnswer.Of(some.SequenceEqual(keys.Where(key => key.StartsWith(folder + "k1", StringComparison.Ordinal)), StringComparer.Ordinal)
            ? null : "a prefix that ends within a name gave other keys than those that begin with it");
    }

    private static async Task<TrialAnswer> StartAfterAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var (folder, keys) = await PutManyAsync(place, cancellationToken);
        foreach (var after in new[] { keys[0], keys[PageSize], keys[^2], keys[PageSize] + "0" })
        {
            var listed = await NamesAsync(place, folder, new ListOptions { StartAfter = after, PageSize = PageSize }, cancellationToken);
            if (!listed.SequenceEqual(keys.Where(key => string.CompareOrdinal(key, after) > 0), StringComparer.Ordinal))
                return TrialAnswer.Fails("other keys were listed than those after the one that was named");
        }
        return TrialAnswer.Works(place.Store.Capabilities.CheapStartAfter ? "" : "reads over what it skips");
    }

    private static async Task<TrialAnswer> ShallowAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var folder = place.NewFolder("tree");
        foreach (var name in new[] { "a", "b/1", "b/2", "c" })
            await place.Store.PutBytesAsync(StoreKey.Parse(folder + name), TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        var listed = await NamesAsync(place, folder, new ListOptions { Shallow = true }, cancellationToken);
        return TrialAnswer.Of(listed.SequenceEqual([folder + "a", folder + "b/", folder + "c"], StringComparer.Ordinal) ? null : "it gave other entries than the keys and folders of that level");
    }

    private static async Task<TrialAnswer> PresignAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        if (place.Store.Find<IPresigner>() is not { } presigner)
            return TrialAnswer.Lacks();
        var (key, bytes) = (place.NewKey(), TrialPlace.NewBytes());
        Uri read;
        try
        {
            read = await presigner.PresignAsync(key, PresignedAccess.Read, TimeSpan.FromMinutes(5), cancellationToken);
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.Unsupported)
        {
            return TrialAnswer.Lacks("these credentials cannot sign");
        }
        await place.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(read, cancellationToken);
        return TrialAnswer.Of(!answer.IsSuccessStatusCode ? $"a signed URL was answered with {(int)answer.StatusCode}"
            : !(await answer.Content.ReadAsByteArrayAsync(cancellationToken)).AsSpan().SequenceEqual(bytes) ? "a signed URL gave other bytes" : null);
    }

    /// <summary>Keys that an order by anything but bytes would shuffle, on several pages.</summary>
    private static async Task<(string Folder, List<string> Keys)> PutManyAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var folder = place.NewFolder("list");
        var keys = Enumerable.Range(0, Objects).Select(number => $"{folder}k{number}").Concat([folder + "k1-x", folder + "k/x", folder + "z", folder + "a/b/c"]).ToList();
        await Task.WhenAll(keys.Select(async key => await place.Store.PutBytesAsync(StoreKey.Parse(key), TrialPlace.NewBytes(), cancellationToken: cancellationToken)));
        keys.Sort(StringComparer.Ordinal);
        return (folder, keys);
    }

    private static ValueTask<List<string>> NamesAsync(TrialPlace place, string prefix, ListOptions options, CancellationToken cancellationToken) =>
        place.Store.ListAsync(prefix, options, cancellationToken).Select(entry => entry.Name).ToListAsync(cancellationToken);
}
