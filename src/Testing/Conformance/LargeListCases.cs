namespace Coffer.Testing;

internal static class LargeListCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("Ten_thousand_keys_are_listed_in_order_whole_by_prefix_shallow_from_anywhere_and_in_pages", StoreConformance.Always, RunAsync),
    ];

    private static async Task RunAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, context.ListedKeys).Select(i => context.Key(NameOf(i))).ToArray();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (key, token) => await context.Store.PutBytesAsync(key, new byte[1], cancellationToken: token));
        var names = keys.Select(static key => key.Value).ToList();
        var sorted = ListModel.Names(names, context.Prefix);

        foreach (var prefix in (string[])["", "flat/", "flat/0012", "deep/", "deep/3", "deep/3/", "deep/3/1/00", "d", "none"])
        {
            foreach (var shallow in (bool[])[false, true])
            {
                foreach (var start in (string?[])[null, sorted[0], sorted[sorted.Count / 3], sorted[sorted.Count / 2] + "!", context.Prefix + "deep/3/", sorted[^1]])
                {
                    var options = new ListOptions { StartAfter = start, Shallow = shallow };
                    Expect.Sequence(ListModel.Names(names, context.Prefix + prefix, options), await context.Store.NamesAsync(context.Prefix + prefix, options, cancellationToken),
                        $"a listing of '{prefix}' among {names.Count} keys (start after '{start}', shallow: {shallow})");
                }
            }
        }
        await PagesAsync(context, sorted, shallow: false, cancellationToken);
        await PagesAsync(context, ListModel.Names(names, context.Prefix, new ListOptions { Shallow = true }), shallow: true, cancellationToken);
    }

    /// <summary>Goes through a listing by taking a page, leaving it, and going on after the last name.</summary>
    private static async Task PagesAsync(ConformanceContext context, List<string> expected, bool shallow, CancellationToken cancellationToken)
    {
        var page = Math.Max(3, expected.Count / 7);
        var found = new List<string>();
        for (var more = true; more;)
        {
            var options = new ListOptions { StartAfter = found.LastOrDefault(), PageSize = page, Shallow = shallow };
            var before = found.Count;
            await foreach (var entry in context.Store.ListAsync(context.Prefix, options, cancellationToken))
            {
                found.Add(entry.Name);
                if (found.Count - before == page)
                    break;
            }
            more = found.Count > before;
        }
        Expect.Sequence(expected, found, $"a listing in pages of {page} that go on after the last name (shallow: {shallow})");
    }

    /// <summary>A folder with half of all keys, and many small ones, some of them deep.</summary>
    private static string NameOf(int i) => (i % 4) switch
    {
        0 or 1 => $"flat/{i:d8}",
        2 => $"deep/{i % 11}/{i % 5}/{i:d6}",
        _ => $"deep/{i % 11}/{i:d6}.{i % 3}",
    };
}
