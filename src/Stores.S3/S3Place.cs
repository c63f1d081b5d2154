namespace Coffer.Stores.S3;

/// <summary>Where something went wrong: what an error carries besides its kind and message.</summary>
internal readonly record struct S3Place(StoreOperation Operation, StoreKey? Key, S3StoreOptions Options)
{
    public string StoreName => Options.Name;

    /// <summary>What it was about, as a sentence names it.</summary>
    public string Subject => Key is { } key ? $"'{key}' in '{StoreName}'" : $"'{StoreName}'";

    /// <summary>Whether what goes wrong here has certainly no effect, such as before anything was sent.</summary>
    public bool IsBeforeEffect { get; init; }

    public StoreException Error(StoreErrorKind kind, string message, Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(kind, message, inner) { Operation = Operation, Key = Key?.Value, StoreName = StoreName, RetryAfter = retryAfter, HadNoEffect = IsBeforeEffect };
}
