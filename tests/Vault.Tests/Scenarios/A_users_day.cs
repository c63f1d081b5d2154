using System.Text;
using Coffer.Vaults;
using Xunit;

namespace Coffer.Vault.Tests.Scenarios;

public sealed class A_users_day
{
    private static FileContent Text(string text) => FileContent.FromBytes(Encoding.UTF8.GetBytes(text));

    private static async Task<string> ReadAsync(Vaults.Vault vault, string path, string? version = null) =>
        Encoding.UTF8.GetString(await vault.ReadBytesAsync(path, new ReadFileOptions { VersionId = version }));

    [Fact]
    public async Task Two_people_share_files_through_a_store()
    {
        await using var team = new Team();
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        var hers = await team.CreateAsync(alice);
        await hers.SetAccessAsync(bob.Public, AccessLevel.Write);
        var his = await team.OpenAsync(bob, alice.Public);

        await hers.WriteAsync("notes/today.txt", Text("first"));
        await his.SyncAsync();
        Assert.Equal("first", await ReadAsync(his, "notes/today.txt"));
        await his.WriteAsync("notes/today.txt", Text("second"));
        await hers.SyncAsync();
        Assert.Equal("second", await ReadAsync(hers, "notes/today.txt"));

        var versions = await hers.GetVersionsAsync("notes/today.txt");
        Assert.Equal([alice.Public, bob.Public], versions.Select(version => version.Author));
        Assert.Equal("first", await ReadAsync(hers, "notes/today.txt", versions[0].Id));

        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        await hers.WriteAsync("large.bin", FileContent.FromStream(new MemoryStream(large)));
        await his.SyncAsync();
        Assert.Equal(large, await his.ReadBytesAsync("large.bin"));
        Assert.Equal(large.AsSpan(1_000_000, 5).ToArray(), await his.ReadBytesAsync("large.bin", new ReadFileOptions { Range = new ByteRange(1_000_000, 5) }));

        var names = new List<string>();
        await foreach (var entry in his.ListAsync())
            names.Add(entry.Path);
        Assert.Equal(["large.bin", "notes/"], names);

        await his.DeleteAsync("notes/today.txt");
        await hers.SyncAsync();
        Assert.Null(await hers.StatAsync("notes/today.txt"));
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => hers.ReadBytesAsync("notes/today.txt"));
        Assert.Equal("first", await ReadAsync(hers, "notes/today.txt", versions[0].Id));
        Assert.Equal(3, (await hers.GetVersionsAsync("notes/today.txt")).Count);
    }
}
