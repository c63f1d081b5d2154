using Xunit;

namespace Coffer.Stores.Tests;

public sealed class MemoryStoreProviderTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    [Fact]
    public async Task One_name_is_one_store_which_outlives_what_was_opened()
    {
        var provider = new MemoryStoreProvider();
        await using (var first = Open(provider, "mem://shared"))
            await first.PutTextAsync(Key, "kept");

        Assert.Equal("kept", await Open(provider, "mem://shared").ReadTextAsync(Key));
        Assert.Null(await Open(provider, "mem://other").StatAsync(Key));
        Assert.Null(await Open(new MemoryStoreProvider(), "mem://shared").StatAsync(Key));
    }

    [Theory]
    [InlineData("mem:///path")]
    [InlineData("mem://name/path")]
    [InlineData("mem://user@name")]
    [InlineData("mem://name:80")]
    [InlineData("mem://name?size=3")]
    public void What_a_store_in_memory_does_not_have_is_refused(string url)
    {
        var e = Assert.Throws<StoreException>(() => Open(new MemoryStoreProvider(), url));

        Assert.Contains(url, e.Message);
    }

    [Fact]
    public void An_unknown_setting_is_named()
    {
        var context = new StoreContext { Settings = new Dictionary<string, string> { ["Color"] = "blue" } };

        var e = Assert.Throws<StoreException>(() => new MemoryStoreProvider().Open(StoreUrl.Parse("mem://x"), context));

        Assert.Contains("'Color'", e.Message);
        Assert.DoesNotContain("blue", e.Message);
    }

    private static IStore Open(MemoryStoreProvider provider, string url) => provider.Open(StoreUrl.Parse(url), new StoreContext());
}
