using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public sealed class LeafCacheTests
{
    private static Digest Root(byte number) => Digest.Of([number]);

    [Fact]
    public void What_was_kept_first_goes_first_and_no_more_stays_than_there_is_room_for()
    {
        var cache = new LeafCache(capacity: 100);
        cache.Keep(Root(1), new byte[40]);
        cache.Keep(Root(2), new byte[40]);
        cache.Keep(Root(1), new byte[40]);
        Assert.NotNull(cache.Find(Root(1)));

        cache.Keep(Root(3), new byte[40]);
        Assert.Equal([false, true, true], [cache.Find(Root(1)) is not null, cache.Find(Root(2)) is not null, cache.Find(Root(3)) is not null]);

        cache.Keep(Root(4), new byte[101]);
        Assert.Null(cache.Find(Root(4)));
        cache.Keep(Root(5), new byte[100]);
        Assert.Equal([false, false, true], [cache.Find(Root(2)) is not null, cache.Find(Root(3)) is not null, cache.Find(Root(5)) is not null]);
    }
}
