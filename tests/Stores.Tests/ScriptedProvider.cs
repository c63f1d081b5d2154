namespace Coffer.Stores.Tests;

/// <summary>Gives one store for every URL of its schemes, and keeps what it was given.</summary>
internal sealed class ScriptedProvider(IStore store, params string[] schemes) : IStoreProvider
{
    public IReadOnlyList<string> Schemes { get; } = schemes.Length == 0 ? ["scripted"] : schemes;

    public StoreUrl? Url { get; private set; }

    public StoreContext? Context { get; private set; }

    public IStore Open(StoreUrl url, StoreContext context)
    {
        (Url, Context) = (url, context);
        return store;
    }
}
