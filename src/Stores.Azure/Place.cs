namespace Coffer.Stores.Azure;

/// <summary>Where something went wrong: what an error carries besides its kind and message.</summary>
internal readonly record struct Place(StoreOperation Operation, string? Key, string StoreName)
{
    /// <summary>Whether what goes wrong here has certainly no effect, such as before anything was sent.</summary>
    public bool IsBeforeEffect { get; init; }

    public StoreException Error(StoreErrorKind kind, string message, Exception? inner = null) =>
        new(kind, message, inner) { Operation = Operation, Key = Key, StoreName = StoreName, HadNoEffect = IsBeforeEffect };
}
