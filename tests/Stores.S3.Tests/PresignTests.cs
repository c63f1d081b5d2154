using System.Net;
using System.Net.Http;

namespace Coffer.Stores.S3.Tests;

/// <summary>Signed URLs let anybody read or put one object, and nothing else.</summary>
public sealed class PresignTests
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/odd name+ü%.txt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_the_URL_reads_and_puts_without_credentials_also_through_the_layers_and_a_prefix()
    {
        await using var place = new TestPlace();
        await using var store = new StoreRegistry([new S3StoreProvider()]).Open(place.Url, new StoreOpenOptions { Prefix = StoreKey.Parse("below") });
        var presigner = store.Find<IPresigner>()!;
        using var http = new HttpClient();

        var write = await presigner.PresignAsync(Key, PresignedAccess.Write, TimeSpan.FromMinutes(5), Token);
        using (var put = await http.PutAsync(write, new StringContent("by anybody"), Token))
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("by anybody", await store.ReadTextAsync(Key, Token));

        var read = await presigner.PresignAsync(Key, PresignedAccess.Read, TimeSpan.FromMinutes(5), Token);
        Assert.Equal("by anybody", await http.GetStringAsync(read, Token));
        using var misused = await http.PutAsync(read, new StringContent("no"), Token);
        Assert.Equal(HttpStatusCode.Forbidden, misused.StatusCode);
    }

    [Fact]
    public async Task A_lifetime_is_from_a_second_to_seven_days_and_without_credentials_nothing_is_signed()
    {
        await using var store = new S3Store(new S3StoreOptions { Bucket = "b", Endpoint = new Uri("http://server"), AccessKeyId = "id", SecretAccessKey = "s" });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.PresignAsync(Key, PresignedAccess.Read, TimeSpan.Zero, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.PresignAsync(Key, PresignedAccess.Read, TimeSpan.FromDays(8), Token));
        await using var anonymous = new S3Store(new S3StoreOptions { Bucket = "b", Endpoint = new Uri("http://server"), Anonymous = true });
        Assert.Equal(StoreErrorKind.Unsupported, (await Assert.ThrowsAsync<StoreException>(async () => await anonymous.PresignAsync(Key, PresignedAccess.Read, TimeSpan.FromDays(1), Token))).Kind);
    }
}
