namespace Coffer.Stores.S3.Tests;

/// <summary>What the SDK loads by name for the default chain is there.</summary>
public sealed class CredentialTests
{
    [Theory]
    [InlineData("AWSSDK.SecurityToken", "Amazon.SecurityToken.AmazonSecurityTokenServiceClient")]
    [InlineData("AWSSDK.SSO", "Amazon.SSO.AmazonSSOClient")]
    [InlineData("AWSSDK.SSOOIDC", "Amazon.SSOOIDC.AmazonSSOOIDCClient")]
    public void Roles_and_logins_find_what_they_need(string assembly, string type) => Assert.NotNull(Type.GetType($"{type}, {assembly}"));

    [Fact]
    public async Task A_profile_gives_its_keys()
    {
        await using var place = new TestPlace();
        await using var store = new S3Store(place.Options with { Profile = SharedCredentials.Known });
        Assert.Null(await store.StatAsync(StoreKey.Parse("nothing"), TestContext.Current.CancellationToken));

        await using var strangers = new S3Store(place.Options with { Profile = SharedCredentials.Stranger });
        var error = await Assert.ThrowsAsync<StoreException>(async () => await strangers.StatAsync(StoreKey.Parse("nothing"), TestContext.Current.CancellationToken));
        Assert.Equal(StoreErrorKind.Unauthenticated, error.Kind);
    }
}
