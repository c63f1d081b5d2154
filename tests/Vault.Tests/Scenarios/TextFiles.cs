using Utf8 = System.Text.Encoding;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Files of text, as tests like to read and write them.</summary>
internal static class TextFiles
{
    public static FileContent Content(string text) => FileContent.FromBytes(Utf8.UTF8.GetBytes(text));

    public static FileContent Bytes(int length, byte fill = 7)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, fill);
        return FileContent.FromBytes(bytes);
    }

    public static Task<FileVersion> WriteTextAsync(this Vault vault, string path, string text, WriteOptions? options = null) =>
        vault.WriteAsync(path, Content(text), options);

    /// <summary>What a vault has now, after a sync that looks at everything.</summary>
    public static async Task<string> ReadTextAsync(this Vault vault, string path, string? version = null)
    {
        await vault.SyncAsync();
        return Utf8.UTF8.GetString(await vault.ReadBytesAsync(path, new ReadFileOptions { VersionId = version }));
    }

    public static async Task<string[]> NamesAsync(this Vault vault, string folder = "", ListFilesOptions? options = null)
    {
        var names = new List<string>();
        await foreach (var entry in vault.ListAsync(folder, options))
            names.Add(entry.Path);
        return [.. names];
    }

    /// <summary>All files that a vault has, after a sync that looks at everything.</summary>
    public static async Task<string[]> AllAsync(this Vault vault)
    {
        await vault.SyncAsync();
        return await vault.NamesAsync("", new ListFilesOptions { Recursive = true });
    }

    public static IEnumerable<Finding> Findings(this Vault vault, FindingKind kind) =>
        vault.GetFindings().Select(static reported => reported.Finding).Where(finding => finding.Kind == kind);
}
