using Xunit;

namespace Coffer.Vaults.Tests;

public class PrivateIdTests
{
    [Fact]
    public void An_identity_signs_and_its_public_id_checks()
    {
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        var message = "a message"u8.ToArray();
        var signature = alice.Sign(message);
        Assert.True(Ed25519Checker.Instance.Check(alice.Public, signature, message));
        Assert.False(Ed25519Checker.Instance.Check(bob.Public, signature, message));
        Assert.False(Ed25519Checker.Instance.Check(alice.Public, signature, "another"u8));
        Assert.False(Ed25519Checker.Instance.Check(alice.Public, signature.AsSpan(1), message));
        Assert.False(Ed25519Checker.Instance.Check(alice.Public, [], message));
    }

    [Fact]
    public void Two_identities_agree_on_a_shared_coordinate_of_32_bytes()
    {
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        var shared = alice.Agree(bob.Public.Point);
        Assert.Equal(32, shared.Length);
        Assert.Equal(shared, bob.Agree(alice.Public.Point));
    }

    [Fact]
    public void The_text_of_an_identity_gives_it_back()
    {
        using var alice = PrivateId.Create();
        using var again = PrivateId.Parse(alice.ExportText());
        Assert.Equal(alice.Public, again.Public);
        Assert.Equal(alice.Public, PublicId.Parse(alice.Public.ToString()));
        Assert.Equal(alice.Public, PublicId.FromBytes(alice.Public.Bytes));
        Assert.Equal(alice.ExportText(), again.ExportText());
    }

    [Fact]
    public void Nothing_secret_is_in_what_a_log_would_show()
    {
        using var alice = PrivateId.Create();
        Assert.Equal($"private id of {alice.Public}", alice.ToString());
        Assert.DoesNotContain(alice.ExportText()[..20], alice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_identity_is_wiped_and_refuses_everything()
    {
        var alice = PrivateId.Create();
        var point = alice.Public.Point.ToArray();
        alice.Dispose();
        Assert.Throws<ObjectDisposedException>(() => alice.Sign([]));
        Assert.Throws<ObjectDisposedException>(() => alice.Agree(point));
        Assert.Throws<ObjectDisposedException>(() => alice.ExportText());
        Assert.Throws<ObjectDisposedException>(() => alice.DeriveLocalKey("a", new byte[32]));
        Assert.NotNull(alice.Public.ToString());
    }

    [Fact]
    public void Local_keys_differ_by_purpose_and_by_identity_and_are_otherwise_the_same()
    {
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        var keys = new[] { Key(alice, "a"), Key(alice, "b"), Key(bob, "a") };
        Assert.Equal(3, keys.Distinct(StringComparer.Ordinal).Count());
        using var again = PrivateId.Parse(alice.ExportText());
        Assert.Equal(keys[0], Key(again, "a"));
    }

    [Fact]
    public void A_source_that_gives_no_private_keys_is_reported_instead_of_asked_for_ever() =>
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => PrivateId.Create(new Zeros()));

    private static string Key(PrivateId id, string purpose)
    {
        var key = new byte[32];
        id.DeriveLocalKey(purpose, key);
        return Convert.ToHexString(key);
    }

    private sealed class Zeros : IRandomSource
    {
        public void Fill(Span<byte> bytes) => bytes.Clear();
    }
}
