using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class DigestTests
{
    [Fact]
    public void A_hash_is_sha_256_and_shows_as_lower_hex()
    {
        // FIPS 180-4's example.
        var hash = Digest.Of("abc"u8);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hash.ToString());
        Assert.Equal(hash, new Digest(hash.ToArray()));
        Assert.Equal(unchecked((int)0xba7816bf), hash.GetHashCode());
    }

    [Fact]
    public void Hashes_are_ordered_as_their_bytes_are()
    {
        var random = new Random(4);
        for (var round = 0; round < 2000; round++)
        {
            var (left, right) = (new byte[Digest.Size], new byte[Digest.Size]);
            random.NextBytes(left);
            left.CopyTo(right, 0);
            right[random.Next(Digest.Size)] = (byte)random.Next(256);
            var expected = left.AsSpan().SequenceCompareTo(right);
            Assert.Equal(Math.Sign(expected), Math.Sign(new Digest(left).CompareTo(new Digest(right))));
            Assert.Equal(expected == 0, new Digest(left) == new Digest(right));
        }
    }

    [Fact]
    public void The_hash_that_names_nothing_is_zero()
    {
        Assert.True(Digest.Zero.IsZero);
        Assert.Equal(new byte[Digest.Size], Digest.Zero.ToArray());
        Assert.False(Digest.Of([]).IsZero);
        Assert.Throws<ArgumentException>(() => new Digest(new byte[31]));
    }
}
