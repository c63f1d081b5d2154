using Coffer.Vaults.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>What the tests of looks have in common.</summary>
public abstract class LookParts
{
    private protected static readonly ConfigureChange Quota = new([new SettingValue(VaultSetting.Quota, 5)]);
    protected static readonly byte[] Junk = [1, 2, 3];

    private protected static async Task RotateAsync(Device device, int times = 1)
    {
        for (var i = 0; i < times; i++)
            await device.AppendAsync(new RotateIntent());
    }

    protected static async Task<byte[]> ReadAsync(IStore store, long slot) => await store.ReadBytesAsync(Device.Slot(slot));

    private protected static void Found(Device device, FindingKind kind, string subject, PublicId? member = null)
    {
        var finding = Assert.Single(device.Findings.All);
        Assert.Equal((kind, subject), (finding.Kind, finding.Subject));
        Assert.Equal(member, finding.Member);
        Assert.True(finding.NamesStore);
    }
}
