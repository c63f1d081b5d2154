namespace Coffer.Stores.Azure.Tests;

/// <summary>The service orders by UTF-16, a store by UTF-8.</summary>
public sealed class ListingOrderTests
{
    private static readonly string[] Names =
    [
        "a", "a\uE000", "a\uE000\uE000", "a\uE000😀", "a😀", "a😀\uE001", "a😀😀", "a😀b", "ab", "ab/\uFFFD", "ab/😀", "b", "\uE000", "\uE000b😀", "\uE000b\uFFFD", "\uE000c", "\uFFFD", "😀", "😀a", "🙈",
    ];

    private static List<string> Ordered(IEnumerable<string> names, int most = 5000)
    {
        var order = new ListingOrder(most, new Place(StoreOperation.List, null, "azblob://account/container"));
        return [.. names.SelectMany(name => order.Take(new ObjectInfo(StoreKey.Parse(name), 1))).Concat(order.Rest()).Select(static entry => entry.Name)];
    }

    [Fact]
    public void A_listing_in_the_order_of_UTF_16_is_given_in_that_of_UTF_8() =>
        Assert.Equal(Names.Order(Utf8Order.Instance), Ordered(Names.Order(StringComparer.Ordinal)));

    [Fact]
    public void A_listing_in_the_order_of_UTF_8_stays_as_it_is() => Assert.Equal(Names.Order(Utf8Order.Instance), Ordered(Names.Order(Utf8Order.Instance)));

    [Fact]
    public void Names_without_surrogates_are_not_held_back()
    {
        var order = new ListingOrder(10, new Place(StoreOperation.List, null, "azblob://account/container"));
        foreach (var name in Names.Where(static name => !name.Any(char.IsSurrogate)).Order(StringComparer.Ordinal))
            Assert.Equal(name, Assert.Single(order.Take(new ObjectInfo(StoreKey.Parse(name), 1))).Name);
    }

    [Fact]
    public void No_more_is_held_than_was_said()
    {
        var many = Enumerable.Range(0, 25).Select(static i => $"😀{i:d2}").ToList();
        Assert.Equal(many, Ordered(many, most: 10));
        var error = Assert.Throws<StoreException>(() => Ordered([.. many, "\uE000"], most: 10));
        Assert.Equal(StoreErrorKind.Unexpected, error.Kind);
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("a/b", "a.txt")]
    public void A_listing_out_of_order_is_an_error_and_not_given(string first, string second)
    {
        var error = Assert.Throws<StoreException>(() => Ordered([first, second]));
        Assert.Contains("hierarchical namespace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_common_prefix_at_the_edge_of_two_pages_is_given_once()
    {
        var order = new ListingOrder(10, new Place(StoreOperation.List, null, "azblob://account/container"));
        var prefix = new ObjectInfo(StoreKey.Parse("a"), 0) { IsPrefix = true };
        Assert.Single(order.Take(prefix));
        Assert.Empty(order.Take(prefix));
    }
}
