namespace Coffer;

/// <summary>
/// A store could not do what it was asked. <see cref="Kind"/> says what to do about it; the message is for a person and never holds a secret.
/// Cancellation is no such error: <see cref="OperationCanceledException"/> passes through every store as it is.
/// </summary>
public sealed class StoreException : Exception
{
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">For a person: what happened, to which object, and what can be done.</param>
    /// <param name="inner">The provider's own error, where there is one.</param>
    public StoreException(StoreErrorKind kind, string message, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        IsTransient = kind is StoreErrorKind.Unavailable or StoreErrorKind.RateLimited;
    }

    /// <summary>What went wrong.</summary>
    public StoreErrorKind Kind { get; }

    /// <summary>Whether the same request may succeed when it is sent again. Never true for <see cref="StoreErrorKind.OutcomeUnknown"/>.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// Whether it is certain that the request changed nothing, and will change nothing later: it was never sent, or was refused as a whole. Then even a conditional put
    /// may be sent again. Always true for <see cref="StoreErrorKind.RateLimited"/>, never for <see cref="StoreErrorKind.OutcomeUnknown"/>; of other kinds a store says so
    /// where it knows, and false means that it does not. Of a delete of many objects it tells of the request that failed, not of those before it.
    /// </summary>
    public bool HadNoEffect
    {
        get => Kind == StoreErrorKind.RateLimited || (field && Kind != StoreErrorKind.OutcomeUnknown);
        init;
    }

    /// <summary>How long the server asks to wait before the next try; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was asked; null for an error outside of an operation.</summary>
    public StoreOperation? Operation { get; init; }

    /// <summary>
    /// What is wrong with how the store was to be opened, by its name: an option of the URL, a setting beside it, or a variable of the environment. Null when it is another part of the URL,
    /// or the error is about something else.
    /// </summary>
    public string? Option { get; init; }

    /// <summary>The object that it was about; null when it was about none, or about many.</summary>
    public string? Key { get; init; }

    /// <summary>The store's name, without secrets.</summary>
    public string? StoreName { get; init; }

    internal static StoreException InvalidKey(string text, string fault) =>
        new(StoreErrorKind.InvalidKey, $"'{Shown(text)}' is no object key: {fault}.") { Key = Shown(text) };

    /// <summary>A text from outside, short and in one line, for a message.</summary>
    private static string Shown(string text)
    {
        var shown = text.Length <= 80 ? text : text[..80] + "...";
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        });
    }
}
