using System.Text.Json;
using System.Text.Json.Serialization;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Home;

/// <summary>What this home knows of a vault: where it is, who created it, and as whom to open it. There is no secret in it.</summary>
internal sealed record VaultEntry
{
    /// <summary>The store's URL.</summary>
    public required string Url { get; init; }

    /// <summary>The realm within the store.</summary>
    public required string Realm { get; init; }

    /// <summary>The name of the identity in this home; null for a public vault that is read without one.</summary>
    public string? Identity { get; init; }

    /// <summary>The creator's public id.</summary>
    public required string Creator { get; init; }

    /// <summary>The vault's id.</summary>
    public required string VaultId { get; init; }

    /// <summary>The invitation by which this home joined; null when it created the vault, or joined by the creator's id alone.</summary>
    public string? Invitation { get; init; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="ToolException">There is none under this name, or it cannot be read.</exception>
    public static async Task<VaultEntry> ReadAsync(CofferHome home, string name, CancellationToken cancellationToken)
    {
        var path = home.VaultPath(name);
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return JsonSerializer.Deserialize(bytes, HomeJson.Default.VaultEntry) ?? throw new JsonException("it is empty.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ToolException($"There is no vault '{name}' in {home.Root}{Known(home)} Make one with 'coffer create' or 'coffer join'.", inner: e);
        }
        catch (JsonException e)
        {
            throw new ToolException($"{path} is damaged: {e.Message} Move it away, and join the vault again.", inner: e);
        }
    }

    /// <summary>Writes the entry; a reader sees all of it or nothing.</summary>
    /// <param name="home">The home.</param>
    /// <param name="name">The vault's name in it.</param>
    /// <param name="replaces">Whether it takes the place of an entry of that name; else the name must be new.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task WriteAsync(CofferHome home, string name, bool replaces, CancellationToken cancellationToken)
    {
        var path = home.VaultPath(name);
        var temporary = path + ".new";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await JsonSerializer.SerializeAsync(file, this, HomeJson.Default.VaultEntry, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: replaces);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Known(CofferHome home) => home.Vaults() is [_, ..] names ? $". There are: {string.Join(", ", names)}." : ", nor any other.";
}

/// <summary>The files of a home as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VaultEntry))]
internal sealed partial class HomeJson : JsonSerializerContext;
