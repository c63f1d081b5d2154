using Coffer.Vaults.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Xunit;

namespace Coffer.Vaults.Tests;

public class PrimitiveVectorTests
{
    /// <summary>So that none goes missing, with a file or with an edit of it: cases that must hold, and cases that must be refused.</summary>
    [Theory]
    [InlineData("ed25519", 4, 38)]
    [InlineData("secp256k1", 14, 4)]
    [InlineData("hkdf", 3, 0)]
    [InlineData("scrypt", 3, 0)]
    [InlineData("seal", 3, 8)]
    [InlineData("public-id", 2, 33)]
    [InlineData("private-id", 3, 9)]
    [InlineData("identity-file", 8, 41)]
    public void All_cases_are_there(string name, int good, int bad)
    {
        var file = VectorFile.Read(name);
        Assert.Equal((good, bad), (file.Good.Count, file.Bad.Count));
    }

    [Fact]
    public void Points_of_secp256k1_are_those_of_the_standard()
    {
        var file = VectorFile.Read("secp256k1");
        foreach (var vector in file.Good)
            vector.EqualBytes(vector.Bytes("point"), Secp256k1.PointOf(vector.Bytes("scalar")));
        Assert.NotEmpty(file.Bad);
        foreach (var vector in file.Bad)
        {
            vector.Equal(false, Secp256k1.IsScalar(vector.Bytes("scalar")));
            vector.Fails(() => Secp256k1.PointOf(vector.Bytes("scalar")));
        }
    }

    [Fact]
    public void Shared_coordinates_always_have_32_bytes_with_zeros_in_front()
    {
        var agreements = VectorFile.Section(VectorFile.Read("secp256k1").Root, "agree");
        foreach (var vector in agreements)
            vector.EqualBytes(vector.Bytes("shared"), Secp256k1.Agree(vector.Bytes("scalar"), vector.Bytes("point")));
        Assert.Contains(agreements, vector => vector.Bytes("shared")[0] == 0);
    }

    [Fact]
    public void Signatures_are_those_of_the_standard()
    {
        foreach (var vector in VectorFile.Read("ed25519").Good)
        {
            vector.EqualBytes(vector.Bytes("key"), Ed25519Keys.KeyOf(vector.Bytes("seed")));
            using var id = PrivateId.FromBytes([.. new byte[31], 1, .. vector.Bytes("seed")]);
            vector.EqualBytes(vector.Bytes("signature"), id.Sign(vector.Bytes("message")));
            foreach (var checker in Checkers)
                vector.Equal(true, checker.Check(id.Public, vector.Bytes("signature"), vector.Bytes("message")));
        }
    }

    [Fact]
    public void A_signature_that_was_made_to_divide_its_readers_is_refused_by_all()
    {
        var bad = VectorFile.Read("ed25519").Bad;
        Assert.NotEmpty(bad);
        foreach (var vector in bad)
        {
            var id = PublicId.FromBytes([.. Secp256k1.PointOf([.. new byte[31], 1]), .. vector.Bytes("key")]);
            foreach (var checker in Checkers)
                vector.Equal(false, checker.Check(id, vector.Bytes("signature"), vector.Bytes("message")));
        }
    }

    [Fact]
    public void Scrypt_is_that_of_the_standard()
    {
        foreach (var vector in VectorFile.Read("scrypt").Good)
        {
            var password = System.Text.Encoding.UTF8.GetBytes(vector.Text("password"));
            var salt = System.Text.Encoding.UTF8.GetBytes(vector.Text("salt"));
            vector.EqualBytes(vector.Bytes("hex"), SCrypt.Generate(password, salt, vector.Number("n"), vector.Number("r"), vector.Number("p"), 64));
        }
    }

    [Fact]
    public void Derived_keys_are_those_of_the_standard()
    {
        foreach (var vector in VectorFile.Read("hkdf").Good)
        {
            var output = new byte[32];
            Derivation.Derive(vector.Bytes("ikm"), vector.Bytes("salt"), vector.Bytes("info"), output);
            vector.EqualBytes(vector.Bytes("hex"), output);
        }
    }

    [Fact]
    public void Seals_are_those_of_the_standard_and_open_only_as_they_were_made()
    {
        var file = VectorFile.Read("seal");
        foreach (var vector in file.Good)
        {
            vector.EqualBytes(vector.Bytes("hex"), OneTimeSeal.Seal(vector.Bytes("key"), vector.Bytes("text"), vector.Bytes("ad")));
            vector.Equal(true, OneTimeSeal.TryOpen(vector.Bytes("key"), vector.Bytes("hex"), vector.Bytes("ad"), out var text));
            vector.EqualBytes(vector.Bytes("text"), text);
        }
        Assert.NotEmpty(file.Bad);
        foreach (var vector in file.Bad)
        {
            vector.Equal(false, OneTimeSeal.TryOpen(vector.Bytes("key"), vector.Bytes("hex"), vector.Bytes("ad"), out var text));
            Assert.Empty(text);
        }
    }

    [Fact]
    public void Keys_of_a_wrong_size_are_refused()
    {
        Assert.Throws<ArgumentException>(() => OneTimeSeal.Seal(new byte[16], [], []));
        Assert.Throws<ArgumentException>(() => OneTimeSeal.TryOpen(new byte[33], new byte[16], [], out _));
        Assert.Throws<ArgumentException>(() => Derivation.Derive([1], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => Ed25519Keys.KeyOf(new byte[31]));
        Assert.Throws<ArgumentException>(() => Secp256k1.PointOf(new byte[33]));
    }

    /// <summary>The one for the library at hand, and the one for libraries from 2.0 on.</summary>
    private static Ed25519Checker[] Checkers => [Ed25519Checker.Instance, new(checkPoint: false), new(checkPoint: true)];
}
