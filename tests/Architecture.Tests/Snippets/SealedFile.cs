using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Architecture.Tests.Snippets;

internal static class SealedFile
{
    public static async Task<byte[]> RunAsync(string folder)
    {
        await using var store = new MemoryStore("team");
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        await using var hers = await Vault.CreateAsync(store, alice, new VaultCreateOptions { IndexPath = $"{folder}-alice/team.db" });
        await hers.SetAccessAsync(bob.Public, AccessLevel.Read);
        await using var his = await Vault.OpenAsync(store, bob, new VaultOpenOptions { IndexPath = $"{folder}-bob/team.db", Creator = alice.Public });

        // snippet: sealed
        await hers.WriteAsync("plans/salary.txt", FileContent.FromBytes("a lot"u8.ToArray()), new WriteOptions { Recipient = bob.Public });
        var seal = new FileSeal(alice.Public, bob.Public);
        await his.SyncAsync();
        var salary = await his.ReadBytesAsync("plans/salary.txt", new ReadFileOptions { Seal = seal });

        // end
        return salary;
    }
}
