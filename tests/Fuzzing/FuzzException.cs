namespace Coffer.Fuzzing;

/// <summary>A parser did what it must not.</summary>
internal sealed class FuzzException(string message, Exception? inner = null) : Exception(message, inner);
