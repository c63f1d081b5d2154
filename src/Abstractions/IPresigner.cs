namespace Coffer;

/// <summary>
/// An optional interface of stores that can sign URLs with which anybody may read or write one object for a while, without credentials. Found with
/// <c>store.Find&lt;IPresigner&gt;()</c>.
/// </summary>
public interface IPresigner
{
    /// <summary>Signs a URL. Whoever has it can use it until it ends: it is a secret, so keep it out of logs.</summary>
    /// <param name="key">The object. Nobody checks that it is there.</param>
    /// <param name="access">What the URL allows.</param>
    /// <param name="lifetime">For how long: from one second to seven days.</param>
    /// <param name="cancellationToken">Cancels the requests that some credentials need.</param>
    /// <exception cref="StoreException">The store's credentials cannot sign (<see cref="StoreErrorKind.Unsupported"/>), or could not be had.</exception>
    ValueTask<Uri> PresignAsync(StoreKey key, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken = default);
}
