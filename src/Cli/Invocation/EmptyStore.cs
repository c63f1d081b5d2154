using Coffer.Cli.Output;

namespace Coffer.Cli.Invocation;

/// <summary>Tells a store that has nothing at all from one that lacks a vault: then the URL is wrong, or a disk is not mounted.</summary>
internal static class EmptyStore
{
    /// <summary>Whether there is nothing at all on a store. One that cannot be asked is not empty.</summary>
    public static async Task<bool> IsEmptyAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return !await store.ListAsync(cancellationToken: cancellationToken).AnyAsync(cancellationToken);
        }
        catch (StoreException)
        {
            return false;
        }
    }

    /// <summary>The error for it.</summary>
    /// <param name="url">The URL that has nothing.</param>
    /// <param name="what">What should be there.</param>
    /// <param name="inner">What the vault said.</param>
    public static ToolException Tell(string url, string what, Exception inner) =>
        new($"There is nothing at {VisibleText.Of(url)}, {what}. Is it the right place, and is it mounted? Nothing was read or written.", inner: inner);
}
