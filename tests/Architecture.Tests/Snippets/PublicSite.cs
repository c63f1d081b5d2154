using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Architecture.Tests.Snippets;

internal static class PublicSite
{
    public static async Task<byte[]> RunAsync(string folder)
    {
        await using var store = new MemoryStore("site");
        using var alice = PrivateId.Create();
        await using (var hers = await Vault.CreateAsync(store, alice, new VaultCreateOptions { IndexPath = $"{folder}-alice/site.db", Realm = Vault.PublicRealm }))
            await hers.WriteAsync("index.html", FileContent.FromBytes("<html>"u8.ToArray()));

        // snippet: public
        await using var site = await Vault.OpenPublicAsync(store, new VaultOpenOptions { IndexPath = $"{folder}-anybody/site.db", Creator = alice.Public });
        var page = await site.ReadBytesAsync("index.html");

        // end
        return page;
    }
}
