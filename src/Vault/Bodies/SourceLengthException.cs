namespace Coffer.Vaults;

/// <summary>The source of a write had fewer or more bytes than its length said, as when a file changes while it is read. Nothing became visible.</summary>
public sealed class SourceLengthException : VaultException
{
    internal SourceLengthException(long announced, long? actual)
        : base(actual is { } read
            ? $"The source ended after {read} bytes of the {announced} that were announced. Nothing was written; try again when nobody changes it."
            : $"The source has more than the {announced} bytes that were announced. Nothing was written; try again when nobody changes it.")
    {
        Announced = announced;
        Actual = actual;
    }

    /// <summary>The length that was announced, in bytes.</summary>
    public long Announced { get; }

    /// <summary>How many bytes there were; null when there were more than announced.</summary>
    public long? Actual { get; }
}
