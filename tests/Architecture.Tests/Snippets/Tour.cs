using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Architecture.Tests.Snippets;

/// <summary>The snippets of the README for the library, one after the other as they stand there, in one method: each goes on where the one before ended.</summary>
internal static class Tour
{
    public static async Task<(byte[] Salary, byte[] Page)> RunAsync(string folder, TextWriter output)
    {
        var before = Console.Out;
        Console.SetOut(output);

        // snippet: tour
        // A store by URL, and two people.
        var stores = new StoreRegistry().AddLocal();
        await using var store = stores.Open($"file://{folder}");
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();

        // Alice creates a vault, lets Bob write, and writes a file.
        await using var hers = await Vault.CreateAsync(store, alice, new VaultCreateOptions { IndexPath = $"{folder}-alice/team.db" });
        await hers.SetAccessAsync(bob.Public, AccessLevel.Write);
        await hers.WriteAsync("plans/2027.txt", FileContent.FromBytes("a plan"u8.ToArray()));
        var invitation = await hers.InviteAsync($"file://{folder}");

        // Bob opens it on his machine, with an index of his own.
        await using var his = await Vault.OpenAsync(store, bob, new VaultOpenOptions { IndexPath = $"{folder}-bob/team.db", Pin = invitation });
        await foreach (var entry in his.ListAsync("plans"))
            Console.WriteLine($"{entry.Path}, {entry.File?.Size} bytes, by {entry.File?.Author.Fingerprint}");
        await his.WriteAsync("plans/2027.txt", FileContent.FromBytes("a better plan"u8.ToArray()));

        // Versions stay, and say who wrote them.
        await hers.SyncAsync();
        foreach (var version in await hers.GetVersionsAsync("plans/2027.txt"))
            Console.WriteLine($"{version.Written:u} {version.Size} bytes by {version.Author.Fingerprint}");

        // end
        // snippet: sealed
        await hers.WriteAsync("plans/salary.txt", FileContent.FromBytes("a lot"u8.ToArray()), new WriteOptions { Recipient = bob.Public });
        var seal = new FileSeal(alice.Public, bob.Public);
        await his.SyncAsync();
        var salary = await his.ReadBytesAsync("plans/salary.txt", new ReadFileOptions { Seal = seal });

        // end
        // snippet: later
        await hers.WriteAsync("plans/film.mp4", FileContent.FromBytes(new byte[1 << 20]), new WriteOptions { Mode = WriteMode.Async });
        foreach (var write in await hers.GetPendingAsync())
            Console.WriteLine($"{write.Path}, {write.Size} bytes, {write.Attempts} attempts, {write.Refusal?.ToString() ?? "on its way"}");
        await hers.WaitFilesAsync();

        // end
        // snippet: leaving
        await hers.SetAccessAsync(bob.Public, AccessLevel.None);

        // end
        // snippet: integrity
        var report = await hers.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = true });
        foreach (var finding in report.Findings)
            Console.WriteLine($"{finding.Kind} {finding.Subject}: expected {finding.Expected}, found {finding.Found}. {finding.Message}");
        if (!report.IsSound)
            await hers.RepairAsync();

        // end
        // snippet: public
        await using var site = await Vault.CreateAsync(store, alice, new VaultCreateOptions { IndexPath = $"{folder}-alice/site.db", Realm = Vault.PublicRealm });
        await site.WriteAsync("index.html", FileContent.FromBytes("<html>"u8.ToArray()));

        await using var read = await Vault.OpenPublicAsync(store, new VaultOpenOptions { IndexPath = $"{folder}-anybody/site.db", Creator = alice.Public });
        var page = await read.ReadBytesAsync("index.html");

        // end
        Console.SetOut(before);
        return (salary, page);
    }
}
