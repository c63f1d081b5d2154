using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class PublicIdTests
{
    [Fact]
    public void A_hundred_thousand_identities_all_have_encodings_of_full_width()
    {
        const int count = 100_000;
        var zeros = new int[3];
        Parallel.For(0, 100, part =>
        {
            var random = new SeededRandom(part);
            var bytes = new byte[PrivateId.Size];
            for (var i = 0; i < count / 100; i++)
            {
                using var id = PrivateId.Create(random);
                id.CopySecretTo(bytes);
                var (text, secret) = (id.Public.ToString(), id.ExportText());
                Assert.Equal(88, text.Length);
                Assert.Equal(88, secret.Length);
                // The first byte of the private key, of the point's x, and of the key.
                byte[] first = [bytes[0], id.Public.Point[1], id.Public.Key[0]];
                for (var at = 0; at < first.Length; at++)
                {
                    if (first[at] == 0)
                        Interlocked.Increment(ref zeros[at]);
                }
                // To validate all of them would take as long again.
                if (!first.Contains((byte)0) && i % 10 != 0)
                    continue;
                Assert.Equal(id.Public, PublicId.Parse(text));
                using var again = PrivateId.Parse(secret);
                Assert.Equal(id.Public, again.Public);
            }
        });
        // About 390 each: the case that this is about did come up.
        Assert.All(zeros, found => Assert.InRange(found, 200, 600));
    }

    [Fact]
    public void Random_bytes_are_an_id_or_refused_with_a_format_exception()
    {
        var random = new Random(5);
        var valid = 0;
        for (var round = 0; round < 5000; round++)
        {
            var bytes = new byte[round % 50 == 0 ? random.Next(130) : PublicId.Size];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
                bytes[0] = (byte)(2 + (bytes[0] % 2));
            try
            {
                Assert.Equal(PaddedBase64Url.Format(bytes), PublicId.FromBytes(bytes).ToString());
                valid++;
            }
            catch (FormatException)
            {
                Assert.False(PublicId.TryFromBytes(bytes, out _));
            }
        }
        // Half of all x are on secp256k1; of the y, half are on the other curve, and an eighth of those in the subgroup.
        Assert.InRange(valid, 80, 240);
    }

    [Fact]
    public void Random_texts_are_refused_with_a_format_exception()
    {
        var random = new Random(6);
        using var id = PrivateId.Create(new SeededRandom(6));
        foreach (var original in new[] { id.Public.ToString(), id.ExportText() })
        {
            for (var round = 0; round < 3000; round++)
            {
                var text = original.ToCharArray();
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                    text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 65536);
                var altered = new string(text)[..random.Next(80, 89)];
                try
                {
                    Assert.Equal(altered, PublicId.Parse(altered).ToString());
                }
                catch (FormatException)
                {
                    Assert.False(PublicId.TryParse(altered, out _));
                }
                try
                {
                    using var secret = PrivateId.Parse(altered);
                    Assert.Equal(altered, secret.ExportText());
                }
                catch (FormatException)
                {
                    // Refused, as most are.
                }
            }
        }
    }

    [Fact]
    public void Ids_are_equal_and_ordered_as_their_bytes_are()
    {
        var random = new SeededRandom(7);
        var ids = Enumerable.Range(0, 50).Select(_ => PrivateId.Create(random).Public).ToList();
        Assert.Equal(ids.Select(id => Convert.ToHexString(id.Bytes)).Order(StringComparer.Ordinal), ids.Order().Select(id => Convert.ToHexString(id.Bytes)));
        var twin = PublicId.FromTrustedBytes(ids[0].Bytes);
        Assert.True(twin == ids[0] && twin.Equals((object)ids[0]) && twin.GetHashCode() == ids[0].GetHashCode() && twin.CompareTo(ids[0]) == 0);
        Assert.True(twin != ids[1] && !twin.Equals(null) && twin.CompareTo(null) > 0);
        Assert.Equal(ids[0].Fingerprint, twin.Fingerprint);
        Assert.Throws<ArgumentException>(() => PublicId.FromTrustedBytes(new byte[64]));
    }

    [Fact]
    public void A_fingerprint_has_125_bits_in_five_groups()
    {
        using var id = PrivateId.Create();
        Assert.Matches("^[0-9a-v]{5}(-[0-9a-v]{5}){4}$", id.Public.Fingerprint);
    }

    [Fact]
    public void A_cache_gives_the_id_that_it_has_and_keeps_it_when_it_is_full()
    {
        var random = new SeededRandom(8);
        var ids = Enumerable.Range(0, 3).Select(_ => PrivateId.Create(random).Public).ToList();
        var cache = new PublicIdCache(capacity: 2);
        cache.Add(ids[0]);
        var second = cache.Get(ids[1].Bytes);
        Assert.Same(ids[0], cache.Get(ids[0].Bytes));
        Assert.Same(second, cache.Get(ids[1].Bytes));
        Assert.NotSame(cache.Get(ids[2].Bytes), cache.Get(ids[2].Bytes));
        Assert.Equal(ids[2], cache.Get(ids[2].Bytes));
        Assert.Same(ids[0], cache.Get(ids[0].Bytes));
        Assert.Throws<FormatException>(() => cache.Get(new byte[65]));
        Assert.Throws<FormatException>(() => cache.Get([]));
    }
}
