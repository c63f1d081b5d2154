using Coffer.Vaults.Cryptography;
using Xunit;

namespace Coffer.Vaults.Tests.Cryptography;

public sealed class LocalSealTests
{
    [Fact]
    public async Task Many_threads_seal_and_open_at_once()
    {
        using var owner = PrivateId.Create();
        using var seal = new LocalSeal(owner, "test", SystemRandom.Instance);
        var wrong = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var text = new byte[64 + (i % 100)];
                text.AsSpan().Fill((byte)(worker + i));
                if (!seal.Open(seal.Seal(text)).AsSpan().SequenceEqual(text))
                    Interlocked.Increment(ref wrong);
            }
        })));

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void What_another_identity_or_purpose_sealed_does_not_open_nor_does_what_was_changed()
    {
        using var owner = PrivateId.Create();
        using var other = PrivateId.Create();
        using var seal = new LocalSeal(owner, "test", SystemRandom.Instance);
        var sealedText = seal.Seal("text"u8);

        using (var theirs = new LocalSeal(other, "test", SystemRandom.Instance))
            Assert.Throws<VaultException>(() => theirs.Open(sealedText));
        using (var nobodys = LocalSeal.OfNobody("test", SystemRandom.Instance))
            Assert.Throws<VaultException>(() => nobodys.Open(sealedText));
        using (var otherPurpose = new LocalSeal(owner, "other", SystemRandom.Instance))
            Assert.Throws<VaultException>(() => otherPurpose.Open(sealedText));
        for (var i = 0; i < sealedText.Length; i++)
        {
            var changed = sealedText.ToArray();
            changed[i] ^= 1;
            Assert.Throws<VaultException>(() => seal.Open(changed));
        }
        Assert.Throws<VaultException>(() => seal.Open([]));
    }
}
