namespace Coffer.Vaults;

/// <summary>A vault could not do what it was asked, for a reason of its own; what the store could not do is a <see cref="StoreException"/>.</summary>
public class VaultException : Exception
{
    /// <param name="message">For a person: what happened, to what, and what can be done.</param>
    /// <param name="inner">What it came from, where there is something.</param>
    public VaultException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
