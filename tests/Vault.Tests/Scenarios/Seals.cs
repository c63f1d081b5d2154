namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Files that are sealed to one member, as tests like to write and read them.</summary>
internal static class Seals
{
    public static WriteOptions To(Vault vault) => new() { Recipient = vault.Me };

    public static FileSeal Between(Vault sender, Vault recipient) => new(sender.Me, recipient.Me);

    public static async Task<string> ReadAsync(Vault vault, string path, FileSeal? seal, string? version = null) =>
        System.Text.Encoding.UTF8.GetString(await vault.ReadBytesAsync(path, new ReadFileOptions { Seal = seal, VersionId = version }));

    public static async Task<FolderEntry[]> ListAsync(Vault vault, string folder = "", ListFilesOptions? options = null) => await vault.ListAsync(folder, options).ToArrayAsync();

    /// <summary>Alice, who made the vault, and Bob and Carol, who may write.</summary>
    public static async Task<(Vault Alice, Vault Bob, Vault Carol)> ThreeAsync(Team team)
    {
        var alice = await team.CreateAsync();
        return (alice, await team.JoinAsync(alice, team.Bob, AccessLevel.Write), await team.JoinAsync(alice, team.Carol, AccessLevel.Write));
    }
}
