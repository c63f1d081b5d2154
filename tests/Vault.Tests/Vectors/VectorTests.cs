using Xunit;

namespace Coffer.Vaults.Tests;

public class VectorTests
{
    [Fact]
    public void Every_file_of_vectors_is_found_and_has_vectors()
    {
        var names = Directory.GetFiles(VectorFile.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToList();
        string[] known = ["base32hex", "ed25519", "hkdf", "identity-file", "lp", "option", "private-id", "public-id", "scrypt", "seal", "secp256k1", "svarint", "text", "varint"];
        Assert.Superset(known.ToHashSet(StringComparer.Ordinal), names.ToHashSet(StringComparer.Ordinal)!);
        foreach (var name in known)
            Assert.All(VectorFile.Read(name).Bad, bad => Assert.NotEmpty(bad.Failure));
    }
}
