using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class MemoryListingTests
{
    private readonly MemoryStore _store = new("test", new ManualTime());

    private async Task PutAsync(params string[] names)
    {
        foreach (var name in names)
            await _store.PutTextAsync(StoreKey.Parse(name), name);
    }

    [Fact]
    public async Task Names_come_in_the_order_of_their_bytes_in_utf8()
    {
        await PutAsync("b", "a/b", "a", "a-", "a0", "\U0001F600", "\uFFFD", "é", "B");

        Assert.Equal(["B", "a", "a-", "a/b", "a0", "b", "é", "\uFFFD", "\U0001F600"], await _store.NamesAsync());
    }

    [Fact]
    public async Task A_prefix_is_raw_text_and_may_end_within_a_segment()
    {
        await PutAsync("ab/c", "abc", "b", "aa", "ac");

        Assert.Equal(["ab/c", "abc"], await _store.NamesAsync("ab"));
        Assert.Equal(["ab/c"], await _store.NamesAsync("ab/"));
        Assert.Empty(await _store.NamesAsync("ab/c/"));
    }

    [Theory]
    [InlineData("b", "c,d")]
    [InlineData("bb", "c,d")]
    [InlineData("", "a,b,c,d")]
    [InlineData("d", "")]
    [InlineData("0", "a,b,c,d")]
    public async Task Start_after_is_exclusive_and_any_text_will_do(string after, string expected)
    {
        await PutAsync("a", "b", "c", "d");

        Assert.Equal(expected, string.Join(',', await _store.NamesAsync("", new ListOptions { StartAfter = after })));
    }

    [Fact]
    public async Task Start_after_below_the_prefix_gives_the_whole_prefix_and_beyond_it_nothing()
    {
        await PutAsync("a", "m/1", "m/2", "z");

        Assert.Equal(["m/1", "m/2"], await _store.NamesAsync("m/", new ListOptions { StartAfter = "b" }));
        Assert.Equal(["m/1", "m/2"], await _store.NamesAsync("m/", new ListOptions { StartAfter = "m/" }));
        Assert.Empty(await _store.NamesAsync("m/", new ListOptions { StartAfter = "n" }));
    }

    [Fact]
    public async Task A_shallow_listing_gives_each_common_prefix_once_where_its_name_sorts()
    {
        await PutAsync("a", "a-b", "a/1", "a/2/3", "a0", "b/x");

        var entries = await _store.ListAsync("", new ListOptions { Shallow = true }).ToListAsync();

        Assert.Equal(["a", "a-b", "a/", "a0", "b/"], entries.Select(e => e.Name));
        Assert.Equal(["a", "b"], entries.Where(e => e.IsPrefix).Select(e => e.Key.Value));
        Assert.Equal(["a/1", "a/2/"], await _store.NamesAsync("a/", new ListOptions { Shallow = true }));
    }

    [Theory]
    [InlineData("a", "a-b,a/,a0,b/")]
    [InlineData("a-b", "a/,a0,b/")]
    [InlineData("a/", "a0,b/")]
    [InlineData("a/1", "a0,b/")]
    [InlineData("b", "b/")]
    [InlineData("b/", "")]
    public async Task A_shallow_listing_goes_on_after_a_name(string after, string expected)
    {
        await PutAsync("a", "a-b", "a/1", "a/2/3", "a0", "b/x");

        Assert.Equal(expected, string.Join(',', await _store.NamesAsync("", new ListOptions { Shallow = true, StartAfter = after })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(null)]
    public async Task The_size_of_pages_changes_nothing(int? size)
    {
        string[] names = ["a", "b/1", "b/2", "c", "d/1/2", "e", "f"];
        await PutAsync(names);

        Assert.Equal(names, await _store.NamesAsync("", new ListOptions { PageSize = size }));
        Assert.Equal(["a", "b/", "c", "d/", "e", "f"], await _store.NamesAsync("", new ListOptions { PageSize = size, Shallow = true }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task What_stays_is_given_once_while_others_come_and_go(int size)
    {
        string[] stable = [.. Enumerable.Range(0, 100).Select(i => $"k{i:d3}")];
        await PutAsync(stable);
        var given = new List<string>();

        await foreach (var entry in _store.ListAsync("", new ListOptions { PageSize = size }))
        {
            given.Add(entry.Name);
            var i = given.Count;
            await PutAsync($"k{i * 7 % 100:d3}-new", $"j{i}");
            await _store.DeleteAsync(StoreKey.Parse($"k{i * 3 % 100:d3}-new"));
            await _store.PutTextAsync(StoreKey.Parse(stable[i % 100]), "changed");
        }

        Assert.Equal(stable, given.Intersect(stable));
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.Equal(given.Order(Utf8Order.Instance), given);
    }

    [Fact]
    public async Task A_listing_can_delete_what_it_gives()
    {
        await PutAsync([.. Enumerable.Range(0, 2500).Select(i => $"k{i:d4}")]);

        await foreach (var entry in _store.ListAsync())
            await _store.DeleteAsync(entry.Key);

        Assert.Empty(await _store.NamesAsync());
    }

    [Fact]
    public async Task Cancelling_within_a_page_ends_the_listing()
    {
        await PutAsync("a", "b", "c");
        using var source = new CancellationTokenSource();
        var given = new List<string>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var entry in _store.ListAsync(cancellationToken: source.Token))
            {
                given.Add(entry.Name);
                await source.CancelAsync();
            }
        });

        Assert.Equal(["a"], given);
    }

    [Fact]
    public async Task A_random_listing_agrees_with_a_plain_computation()
    {
        var random = new Random(7);
        var names = new SortedSet<string>(Utf8Order.Instance);
        for (var i = 0; i < 300; i++)
            names.Add(string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part())));
        await PutAsync([.. names]);
        for (var i = 0; i < 500; i++)
        {
            var prefix = random.Next(3) == 0 ? Part() + (random.Next(2) == 0 ? "/" : "") : "";
            var options = new ListOptions
            {
                StartAfter = random.Next(2) == 0 ? Part() + (random.Next(2) == 0 ? "/" + Part() : "") : null,
                Shallow = random.Next(2) == 0,
                PageSize = random.Next(1, 10),
            };

            Assert.Equal(Expected(prefix, options), await _store.NamesAsync(prefix, options));
        }

        string Part() => string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => "ab-0é"[random.Next(5)]));

        List<string> Expected(string prefix, ListOptions options) =>
        [
            .. names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Select(n => options.Shallow && n.IndexOf('/', prefix.Length) is >= 0 and var slash ? n[..(slash + 1)] : n)
                .Distinct()
                .Where(n => options.StartAfter is null || Utf8Order.Compare(n, options.StartAfter) > 0),
        ];
    }
}
