namespace Coffer.Testing;

internal static class ListCases
{
    private static readonly string[] Tree =
    [
        "a.b", "a.txt", "a/b", "a/b.c", "a/c/d", "a/c/e/f", "a/z", "a-", "a0", "aa/b", "b", "b-/x", "folder one/x+y", "folder%20one/x", "m/n/o/p/q", "z/a", "z/b", "za",
    ];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_listing_is_in_the_order_of_bytes_over_whole_keys", StoreConformance.Always, (context, token) => CheckAsync(context, [""], [null], token)),
        new("A_prefix_is_raw_text_and_may_end_within_a_segment", StoreConformance.Always,
            (context, token) => CheckAsync(context, ["a", "a/", "a/b", "a/c", "a/c/", "a/c/e/f", "a/c/e/f/", "a.", "folder", "folder ", "folder%20one/", "x", "zz", "m/n/o"], [null], token)),
        new("StartAfter_is_exclusive_and_any_text_will_do", StoreConformance.Always,
            (context, token) => CheckAsync(context, ["", "a", "a/"], [null, "", "a", "a/", "a/b", "a/b.", "a/c", "a/c/", "a/c/d", "a/c/d/x", "a/c/zzz", "a/zz", "a0", "b", "m/n", "zz", "\U0010FFFF"], token)),
        new("Nothing_is_listed_where_nothing_is", StoreConformance.Always, EmptyAsync),
        new("A_prefix_that_no_key_has_lists_nothing", StoreConformance.Always, OddPrefixesAsync),
        new("The_order_is_that_of_UTF8_where_it_differs_from_that_of_UTF16", StoreConformance.Always, Utf8OrderAsync),
        new("A_listing_that_is_left_early_harms_nothing", StoreConformance.Always, LeftEarlyAsync),
        new("What_stays_is_listed_once_while_other_objects_come_and_go", StoreConformance.Always, ComeAndGoAsync),
    ];

    private static async Task CheckAsync(ConformanceContext context, string[] prefixes, string?[] starts, CancellationToken cancellationToken)
    {
        var keys = Tree.Select(rest => context.Key(rest)).ToArray();
        foreach (var key in keys)
            await context.Store.PutBytesAsync(key, Pattern.Bytes(1, 5), cancellationToken: cancellationToken);
        foreach (var prefix in prefixes)
        {
            foreach (var start in starts)
            {
                foreach (var shallow in (bool[])[false, true])
                {
                    foreach (var page in (int?[])[null, 1, 3])
                    {
                        var options = new ListOptions { StartAfter = start is null ? null : context.Prefix + start, Shallow = shallow, PageSize = page };
                        Expect.Sequence(ListModel.Names(keys.Select(static key => key.Value), context.Prefix + prefix, options),
                            await context.Store.NamesAsync(context.Prefix + prefix, options, cancellationToken),
                            $"a listing of '{prefix}' (start after '{start}', shallow: {shallow}, pages of {page?.ToString() ?? "any size"})");
                    }
                }
            }
        }
    }

    private static async Task EmptyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var prefix in (string[])["", "a", "a/", "a/b"])
        {
            foreach (var options in (ListOptions[])[ListOptions.Default, new ListOptions { Shallow = true }, new ListOptions { StartAfter = "a" }])
                Expect.Sequence([], await context.Store.NamesAsync(context.Prefix + prefix, options, cancellationToken), $"a listing of '{prefix}' where nothing is");
        }
        var key = context.Key("a/b/c");
        await context.Store.PutBytesAsync(key, new byte[1], cancellationToken: cancellationToken);
        await context.Store.DeleteAsync(key, cancellationToken);
        foreach (var options in (ListOptions[])[ListOptions.Default, new ListOptions { Shallow = true }])
            Expect.Sequence([], await context.Store.NamesAsync(context.Prefix, options, cancellationToken), "a listing after the only object was deleted");
    }

    private static async Task OddPrefixesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.Store.PutBytesAsync(context.Key("folder/a"), new byte[1], cancellationToken: cancellationToken);
        foreach (var prefix in (string[])["/", "//", "../", "./", "folder//", "folder/../", "folder/./", "folder/a/", "folder\\", "Folder/", "%66older/", "*", "fo?der/"])
        {
            List<string> names;
            try
            {
                names = await context.Store.NamesAsync(context.Prefix + prefix, cancellationToken: cancellationToken);
            }
            catch (StoreException exception) when (exception.Kind == StoreErrorKind.InvalidKey)
            {
                continue; // A store may say that nothing can be there.
            }
            Expect.Sequence([], names, $"a listing of '{prefix}', with which no key begins,");
        }
    }

    private static async Task Utf8OrderAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var stored = new List<string>();
        foreach (var name in (string[])["u/\uE000", "u/\U0001F600", "u/\uFFFD", "u/é", "u/z", "u/\uD7FF", "u/\U00010000/x", "u/\uFF5E/x", "u/日本", "\U0001F600", "\uFA70"])
        {
            var key = context.Key(name);
            try
            {
                await context.Store.PutBytesAsync(key, new byte[1], cancellationToken: cancellationToken);
                stored.Add(key.Value);
            }
            catch (StoreException exception) when (exception.Kind == StoreErrorKind.InvalidKey)
            {
            }
        }
        foreach (var shallow in (bool[])[false, true])
        {
            foreach (var prefix in (string[])["", "u/"])
            {
                foreach (var start in (string?[])[null, .. stored])
                {
                    var options = new ListOptions { StartAfter = start, Shallow = shallow };
                    Expect.Sequence(ListModel.Names(stored, context.Prefix + prefix, options), await context.Store.NamesAsync(context.Prefix + prefix, options, cancellationToken),
                        $"a listing of '{prefix}' (start after '{start}', shallow: {shallow})");
                }
            }
        }
    }

    private static async Task LeftEarlyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var rest in Tree)
            await context.Store.PutBytesAsync(context.Key(rest), new byte[1], cancellationToken: cancellationToken);
        for (var most = 1; most < Tree.Length; most++)
        {
            var names = new List<string>();
            await foreach (var entry in context.Store.ListAsync(context.Prefix, cancellationToken: cancellationToken))
            {
                names.Add(entry.Name);
                if (names.Count == most)
                    break;
            }
            Expect.Sequence([.. ListModel.Names(Tree.Select(rest => context.Prefix + rest), context.Prefix).Take(most)], names, $"the first {most} of a listing");
        }
    }

    private static async Task ComeAndGoAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        const int Count = 300;
        string Name(int i) => $"{i % 10}/{i / 100}/{i:d4}";
        for (var i = 0; i < Count; i++)
            await context.Store.PutBytesAsync(context.Key(Name(i)), new byte[1], cancellationToken: cancellationToken);
        var staying = Enumerable.Range(0, Count).Where(static i => i % 2 == 0).Select(i => context.Prefix + Name(i)).ToList();
        var (seen, next) = (new List<string>(), 0);
        await foreach (var entry in context.Store.ListAsync(context.Prefix, new ListOptions { PageSize = 10 }, cancellationToken))
        {
            seen.Add(entry.Name);
            if (next < Count / 2)
            {
                await context.Store.DeleteAsync(context.Key(Name((2 * next) + 1)), cancellationToken);
                await context.Store.PutBytesAsync(context.Key($"{(next * 7) % 10}/new/{next}"), new byte[1], cancellationToken: cancellationToken);
                next++;
            }
        }
        Expect.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count(), "the number of different names among those that were listed");
        Expect.Sequence(ListModel.Names(seen, ""), seen, "a listing while objects come and go");
        Expect.Sequence(ListModel.Names(staying, ""), [.. seen.Where(new HashSet<string>(staying, StringComparer.Ordinal).Contains)], "what stays in a listing while other objects come and go");
    }
}
