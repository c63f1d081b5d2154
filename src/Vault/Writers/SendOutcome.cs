namespace Coffer.Vaults.Writers;

/// <summary>What became of a commit that was to be sent.</summary>
internal enum SendOutcome
{
    /// <summary>It is on the store.</summary>
    Stored,

    /// <summary>Its number was taken by another commit of its own chain, which is imported now: what it holds goes out under the next number.</summary>
    NumberTaken,

    /// <summary>It may not count any more, or its name is taken by something else: what it holds goes out under a new writer.</summary>
    WriterEnded,
}
