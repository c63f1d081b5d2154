using Coffer.Stores;
using Coffer.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>
/// The store on which scenarios take place: memory, or a place of their own below the URL that <c>COFFER_TEST_VAULT_STORE</c> names, with all layers and options, as an
/// application has it. test.sh runs some of the scenarios on each kind of server.
/// </summary>
internal static class ScenarioStore
{
    private const string Variable = "COFFER_TEST_VAULT_STORE";

    /// <summary>The URL of a fresh place on the server; null when none is named.</summary>
    public static string? FreshUrl() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? TestServer.Below(url, "vault-" + TestServer.FreshName()) : null;

    /// <summary>A fresh store. Whoever makes it need not remove what is in it.</summary>
    public static IStore Create() => FreshUrl() is { } url ? new Passing(Open(url)) : new MemoryStore("team");

    /// <summary>Opens the same store again, perhaps in another process.</summary>
    public static IStore Open(string url) => new StoreRegistry().AddLocal().AddS3().AddSftp().AddAzure().Open(url);

    /// <summary>Removes what was put when it is disposed, as a server may be there for longer than a test.</summary>
    private sealed class Passing(IStore inner) : DelegatingStore(inner)
    {
        public override async ValueTask DisposeAsync()
        {
            await Inner.DeleteManyAsync(await Inner.ListAsync().Select(static entry => entry.Key).ToListAsync());
            await base.DisposeAsync();
        }
    }
}
