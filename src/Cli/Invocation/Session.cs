using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Coffer.Cli.Home;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Stores;
using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Cli.Invocation;

/// <summary>What every command has at hand: this person's home, the ways out, and how to open what they name.</summary>
internal sealed class Session(ToolInvocation invocation, bool json, PassphraseSource passphrases)
{
    public ToolInvocation Invocation { get; } = invocation;

    public CofferHome Home { get; } = invocation.Home;

    /// <summary>Whether data goes out as JSON.</summary>
    public bool Json { get; } = json;

    /// <summary>Standard output. It is flushed when the command ends well.</summary>
    public TextWriter Out => Invocation.Output;

    public PassphraseSource Passphrases { get; } = passphrases;

    /// <summary>The stores that this tool can open.</summary>
    public StoreRegistry Stores { get; } = new StoreRegistry().AddLocal().AddS3().AddSftp().AddAzure();

    /// <summary>A line for the person, beside the data.</summary>
    public void Tell(string line) => Invocation.Error.WriteLine("coffer: " + line);

    /// <summary>Prints data as JSON.</summary>
    public void WriteJson<T>(T view, JsonTypeInfo<T> type) => Out.WriteLine(JsonSerializer.Serialize(view, type));

    /// <summary>Reads an identity of this home, with its passphrase when it has one.</summary>
    /// <exception cref="ToolException">There is none of this name.</exception>
    public async Task<PrivateId> OpenIdentityAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await IdentityFile.ReadAsync(Home.IdentityPath(name), token => Passphrases.AskAsync($"the identity '{name}'", token), cancellationToken: cancellationToken);
        }
        catch (IdentityFileException e) when (e.Fault == IdentityFileFault.Missing)
        {
            throw Home.NoIdentity(name, e);
        }
    }

    /// <summary>The URL by which another machine finds the same store; what holds on one machine only is left out.</summary>
    /// <exception cref="FormatException">It is no URL of a store that this tool can open.</exception>
    public string PlaceOf(string url) => Stores.PlaceOf(StoreUrl.Parse(Known(url))).ToString();

    /// <summary>The URL itself, when this tool knows stores of its kind.</summary>
    /// <exception cref="FormatException">It does not, or the text is no URL.</exception>
    public string Known(string url)
    {
        var scheme = StoreUrl.Parse(url).Scheme;
        return Stores.Schemes.Contains(scheme, StringComparer.Ordinal) ? url : throw new FormatException(
            $"This tool has no stores of the kind '{Excerpt.Of(scheme)}://'. There are: {string.Join(", ", Stores.Schemes.Select(static known => known + "://"))}.{(scheme == "mem" ? " A store in memory would end with the command." : "")}");
    }

    /// <summary>Opens the store that somebody named on the command line, with the settings that this home has for it.</summary>
    /// <exception cref="ToolException">The URL, or a setting of this home, is wrong; the message says which of the two.</exception>
    public Task<IStore> OpenStoreAsync(string url, CancellationToken cancellationToken) => OpenStoreAsync(url, file: null, cancellationToken);

    /// <param name="url">The URL.</param>
    /// <param name="file">The file of this home that has the URL; null when it was typed.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    private async Task<IStore> OpenStoreAsync(string url, string? file, CancellationToken cancellationToken)
    {
        var settings = await StoreSettings.ReadAsync(Home, cancellationToken);
        try
        {
            return Stores.Open(url, new StoreOpenOptions { Context = new StoreContext { Settings = settings.Of(url) } });
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.Unsupported)
        {
            if (e.Option is { } option && settings.PlaceOf(url, option) is { } place)
                throw new ToolException($"Correct {VisibleText.Of(place)}. {e.Message}", inner: e);
            if (e.Option is { } other && !StoreUrl.Parse(url).Options.ContainsKey(other))
                throw;
            throw file is null ? ToolException.Usage(e.Message) : new ToolException($"Correct the URL in {file}. {e.Message}", inner: e);
        }
        catch (FormatException e) when (file is not null)
        {
            throw new ToolException($"Correct the URL in {file}. {e.Message}", inner: e);
        }
    }

    /// <summary>Opens a vault of this home.</summary>
    public async Task<OpenedVault> OpenVaultAsync(string name, CancellationToken cancellationToken)
    {
        var entry = await VaultEntry.ReadAsync(Home, name, cancellationToken);
        var identity = entry.Identity is { } chosen ? await OpenIdentityAsync(chosen, cancellationToken) : null;
        IStore? store = null;
        try
        {
            store = await OpenStoreAsync(entry.Url, Home.VaultPath(name), cancellationToken);
            var options = OptionsOf(name, entry);
            var vault = identity is null ? await Vault.OpenPublicAsync(store, options, cancellationToken) : await Vault.OpenAsync(store, identity, options, cancellationToken);
            if (vault is { Access: AccessLevel.None, IsPublic: false })
                Tell($"'{entry.Identity}' has no access to '{name}' any more; what was written since then cannot be seen.");
            return new OpenedVault(Home, name, entry, vault, store, identity);
        }
        catch (Exception e)
        {
            var isGone = e is VaultException && e.GetType() == typeof(VaultException) && store is not null && await EmptyStore.IsEmptyAsync(store, cancellationToken);
            if (store is not null)
                await store.DisposeAsync();
            identity?.Dispose();
            if (isGone)
                throw EmptyStore.Tell(entry.Url, $"where the vault '{name}' was", e);
            throw;
        }
    }

    private VaultOpenOptions OptionsOf(string name, VaultEntry entry) => new()
    {
        IndexPath = Home.IndexPath(name),
        Realm = entry.Realm,
        Creator = PublicId.Parse(entry.Creator),
        Pin = entry.Invitation is { } text ? Invitation.Parse(text) : null,
        // Who only lists a folder does not wait for what was put before: the commands that send it say so.
        Queue = new QueueOptions { Sends = false },
    };
}
