using System.Text;

namespace Coffer.Testing;

internal static class KeyCases
{
    /// <summary>Keys that some store somewhere alters. The long ones are filled up to the byte.</summary>
    private static readonly string[] Odd =
    [
        "with space", " leading space", "trailing space ", "folder /x", "plus+plus", "percent%41", "%2F", "%2e%2e/x", "%", "%%", "%zz", "hash#hash", "question?x=y&z", "colon:colon",
        "semi;colon", "equals=", "at@at", "comma,comma", "quote'quote", "double\"quote", "<angle>", "pipe|pipe", "star*star", "[brackets]", "{braces}", "(parens)", "back`tick", "^caret",
        "~", "~tilde", "$dollar", "!bang", "&", "&amp;", ".hidden", ".hidden/x", "..hidden", "...", ".../x", "trailing.", "trailing./x", "a..b", "-dash", "--", "_under",
        "emoji-😀", "😀/😀", "family-👩‍👩‍👧", "caf\u00E9-nfc", "cafe\u0301-nfd", "\u212B-angstrom", "\u00C5-ring", "\uFB01-ligature", "ß-sharp", "İ-dotted", "ı-dotless", "日本語/ファイル", "مرحبا",
        "\u200Bzero-width", "\u202Eoverride", "\u00A0nbsp", "\uFEFFbom", "\uFFFD-replacement", "\uE000-private", "\U00010000-first-astral", "\U0010FFFD-last", "UPPER", "upper", "Upper",
        "CON", "nul", "com1.txt", "aux/x", "lpt9", "a.b", "a/b", "a/b.c", "index.html", "favicon.ico", "con/prn", "x/" + ".coffer-tmp", "$RECYCLE.BIN/x", "Thumbs.db", ".DS_Store", "x.tmp", "x~", "0", "00", "0x0", "1e3",
    ];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("An_odd_key_round_trips_or_is_refused_with_InvalidKey_and_is_never_altered", StoreConformance.Always, OddAsync),
        new("Odd_keys_live_side_by_side", StoreConformance.Always, SideBySideAsync),
        new("A_key_of_1024_bytes_round_trips_or_is_refused", StoreConformance.Always, LongAsync),
        new("A_key_and_another_below_it_both_exist_or_the_second_is_refused", StoreConformance.Always, BelowAnotherAsync),
    ];

    private static async Task OddAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var rest in Odd)
            await RoundTripAsync(context, context.Key(rest), cancellationToken);
    }

    private static async Task<bool> RoundTripAsync(ConformanceContext context, StoreKey key, CancellationToken cancellationToken)
    {
        var (store, bytes) = (context.Store, Encoding.UTF8.GetBytes(key.Value));
        if (!await TryPutAsync(store, key, bytes, cancellationToken))
        {
            Expect.Sequence([], await store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), $"a listing after '{key}' was refused");
            return false;
        }
        Expect.Equal(key, (await store.StatAsync(key, cancellationToken))?.Key ?? default, "the key of the stat");
        await Expect.ContentAsync(store, key, bytes, cancellationToken);
        Expect.Sequence([key.Value], await store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), $"a listing with '{key}' alone");
        Expect.Sequence([key.Value], await store.NamesAsync(key.Value, cancellationToken: cancellationToken), $"a listing whose prefix is '{key}'");
        await store.DeleteAsync(key, cancellationToken);
        await Expect.AbsentAsync(store, key, cancellationToken);
        return true;
    }

    private static async Task<bool> TryPutAsync(IStore store, StoreKey key, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            return true;
        }
        catch (StoreException exception) when (exception.Kind == StoreErrorKind.InvalidKey)
        {
            return false;
        }
    }

    private static async Task SideBySideAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var stored = new List<StoreKey>();
        foreach (var rest in Odd)
        {
            var key = context.Key(rest);
            if (await TryPutAsync(context.Store, key, Encoding.UTF8.GetBytes(key.Value), cancellationToken))
                stored.Add(key);
        }
        foreach (var key in stored)
            await Expect.ContentAsync(context.Store, key, Encoding.UTF8.GetBytes(key.Value), cancellationToken);
        Expect.Sequence(ListModel.Names(stored.Select(static key => key.Value), context.Prefix), await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken),
            "a listing of all odd keys");
        await context.Store.DeleteManyAsync(stored, cancellationToken);
        Expect.Sequence([], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing after all odd keys were deleted");
    }

    private static async Task LongAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var segment in (int[])[1, 100, 200, 255, 256, StoreKey.MaxBytes])
        {
            foreach (var filling in (string[])["x", "é"])
                await RoundTripAsync(context, LongKey(context.Prefix, segment, filling), cancellationToken);
        }
    }

    private static StoreKey LongKey(string prefix, int segment, string filling)
    {
        var text = new StringBuilder(prefix);
        var (bytes, inSegment, unit) = (Encoding.UTF8.GetByteCount(prefix), 0, Encoding.UTF8.GetByteCount(filling));
        while (bytes < StoreKey.MaxBytes)
        {
            var left = StoreKey.MaxBytes - bytes;
            if (inSegment >= segment && left > 1)
            {
                text.Append('/');
                (bytes, inSegment) = (bytes + 1, 0);
                continue;
            }
            var piece = unit <= left && (inSegment + unit <= segment || inSegment == 0) ? filling : "y";
            text.Append(piece);
            (bytes, inSegment) = (bytes + Encoding.UTF8.GetByteCount(piece), inSegment + Encoding.UTF8.GetByteCount(piece));
        }
        return StoreKey.Parse(text.ToString());
    }

    private static async Task BelowAnotherAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (above, below) = (context.Key("a"), context.Key("a/b"));
        foreach (var (first, second) in ((StoreKey, StoreKey)[])[(above, below), (below, above)])
        {
            await context.Store.PutBytesAsync(first, Pattern.Bytes(1, 10), cancellationToken: cancellationToken);
            var both = await TryPutAsync(context.Store, second, Pattern.Bytes(2, 20), cancellationToken);
            await Expect.ContentAsync(context.Store, first, Pattern.Bytes(1, 10), cancellationToken);
            if (both)
                await Expect.ContentAsync(context.Store, second, Pattern.Bytes(2, 20), cancellationToken);
            else
                Expect.Equal(null, await context.Store.StatAsync(second, cancellationToken), "the stat of a key that was refused");
            Expect.Sequence(both ? [above.Value, below.Value] : [first.Value], await context.Store.NamesAsync(context.Prefix, cancellationToken: cancellationToken), "a listing of a key and another below it");
            await context.Store.DeleteAsync(first, cancellationToken);
            await context.Store.PutBytesAsync(second, Pattern.Bytes(3, 30), cancellationToken: cancellationToken);
            await Expect.ContentAsync(context.Store, second, Pattern.Bytes(3, 30), cancellationToken);
            await context.Store.DeleteAsync(second, cancellationToken);
        }
    }
}
