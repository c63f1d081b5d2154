namespace Coffer.Vaults;

/// <summary>What is wrong with a damaged body.</summary>
public enum BodyDamage
{
    /// <summary>The object is shorter than what was stored.</summary>
    Truncated,

    /// <summary>A piece does not have the root that its author signed: its leaves, its place in the body, its length or its chunk size is another.</summary>
    Root,

    /// <summary>A chunk is not the one that was stored.</summary>
    Leaf,

    /// <summary>A chunk is the one that was stored, but was not sealed for this place under the body's key: its author, or who knew the key, stored it so.</summary>
    Seal,
}
