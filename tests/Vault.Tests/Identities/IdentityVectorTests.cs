using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Xunit;

namespace Coffer.Vaults.Tests;

public class IdentityVectorTests
{
    [Fact]
    public void Public_ids_and_all_that_is_made_of_them_are_as_the_vectors_say()
    {
        foreach (var vector in VectorFile.Read("public-id").Good)
        {
            using var id = PrivateId.Parse(vector.Text("private"));
            vector.Equal(vector.Text("private"), id.ExportText());
            vector.Equal(vector.Text("public"), id.Public.ToString());
            vector.Equal(id.Public, PublicId.Parse(vector.Text("public")));
            vector.EqualBytes(vector.Bytes("bytes"), id.Public.Bytes);
            vector.Equal(vector.Text("fingerprint"), id.Public.Fingerprint);
            vector.EqualBytes(vector.Bytes("signature"), id.Sign(vector.Bytes("message")));
            vector.EqualBytes(vector.Bytes("shared"), id.Agree(PublicId.Parse(vector.Text("other")).Point));
            var local = new byte[32];
            id.DeriveLocalKey(vector.Text("purpose"), local);
            vector.EqualBytes(vector.Bytes("localKey"), local);
        }
    }

    [Fact]
    public void A_text_that_is_no_public_id_is_refused()
    {
        var bad = VectorFile.Read("public-id").Bad;
        Assert.NotEmpty(bad);
        foreach (var vector in bad)
        {
            var text = vector.Text("text");
            vector.Fails(() => PublicId.Parse(text));
            vector.Equal(false, PublicId.TryParse(text, out _));
            if (!PaddedBase64Url.TryParse(text, out var bytes))
                continue;
            vector.Fails(() => PublicId.FromBytes(bytes));
            vector.Fails(() => new PublicIdCache().Get(bytes));
            vector.Equal(false, PublicId.TryFromBytes(bytes, out _));
            if (bytes.Length == PublicId.Size)
                Assert.Throws<WireException>(() => ReadId(bytes));
        }
    }

    private static PublicId ReadId(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        return reader.Id();
    }

    [Fact]
    public void Private_ids_at_the_ends_of_their_range_are_as_the_vectors_say()
    {
        foreach (var vector in VectorFile.Read("private-id").Good)
        {
            using var id = PrivateId.Parse(vector.Text("private"));
            vector.Equal(vector.Text("public"), id.Public.ToString());
            vector.Equal(vector.Text("private"), id.ExportText());
        }
    }

    [Fact]
    public void A_text_that_is_no_private_id_is_refused_without_showing_it()
    {
        var bad = VectorFile.Read("private-id").Bad;
        Assert.NotEmpty(bad);
        foreach (var vector in bad)
        {
            var text = vector.Text("text");
            vector.Fails(() => PrivateId.Parse(text));
            if (text.Length > 20)
                Assert.DoesNotContain(text[..20], Assert.Throws<FormatException>(() => PrivateId.Parse(text)).ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Identity_files_are_read_as_the_vectors_say()
    {
        using var folder = new TemporaryFolder();
        foreach (var vector in VectorFile.Read("identity-file").Good)
        {
            var path = folder.Write(vector.Text("file"));
            Assert.Equal(vector.Text("public"), (await IdentityFile.ReadPublicAsync(path)).ToString());
            using var id = await IdentityFile.ReadAsync(path, _ => new(vector.TextOrNull("passphrase")));
            vector.Equal(vector.Text("private"), id.ExportText());
        }
    }

    [Fact]
    public async Task A_bad_identity_file_fails_with_its_own_fault_and_shows_no_secret()
    {
        using var folder = new TemporaryFolder();
        var bad = VectorFile.Read("identity-file").Bad;
        Assert.NotEmpty(bad);
        foreach (var vector in bad)
        {
            var path = folder.Write(vector.Text("file"));
            var thrown = await Record.ExceptionAsync(async () => (await IdentityFile.ReadAsync(path, _ => new(vector.TextOrNull("passphrase")))).Dispose());
            vector.Equal(vector.Failure, (thrown as IdentityFileException)?.Fault.ToString() ?? thrown?.ToString() ?? "nothing");
            Assert.Contains(path, thrown!.Message, StringComparison.Ordinal);
        }
        Assert.Equal(
            Enum.GetValues<IdentityFileFault>().Except([IdentityFileFault.Missing, IdentityFileFault.Exists]).Order(),
            bad.Select(vector => Enum.Parse<IdentityFileFault>(vector.Failure)).Distinct().Order());
    }

    [Fact]
    public void The_public_part_of_an_id_is_33_bytes_of_point_and_32_of_key()
    {
        using var id = PrivateId.Create();
        Assert.Equal(id.Public.Bytes, [.. id.Public.Point, .. id.Public.Key]);
        Assert.True(Secp256k1.IsPoint(id.Public.Point));
        Assert.True(Ed25519Keys.IsKey(id.Public.Key));
    }
}
