namespace Coffer;

/// <summary>A store's name for the bytes that an object had at one time (an etag). Opaque: equal or not, nothing else.</summary>
/// <param name="Value">The store's text for it, without quotes.</param>
public readonly record struct ObjectVersion(string Value)
{
    /// <summary>The store's text.</summary>
    public override string ToString() => Value;
}
