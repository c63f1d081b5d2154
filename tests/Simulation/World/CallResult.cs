namespace Coffer.Simulation;

/// <summary>How a call of a vault ended: with a value, or with an error that is allowed.</summary>
/// <param name="Began">The moment of its beginning.</param>
/// <param name="Ended">The moment of its end.</param>
/// <param name="Value">What it gave; default when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
internal sealed record CallResult<T>(long Began, long Ended, T? Value, Exception? Error)
{
    public bool Succeeded => Error is null;
}
