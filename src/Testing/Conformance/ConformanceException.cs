namespace Coffer.Testing;

/// <summary>A store broke its contract: the message says what was expected and what was found.</summary>
public sealed class ConformanceException(string message, Exception? inner = null) : Exception(message, inner);
