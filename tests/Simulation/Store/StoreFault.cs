namespace Coffer.Simulation;

/// <summary>What can happen to a request.</summary>
internal enum StoreFault
{
    /// <summary>Nothing: it is answered.</summary>
    None,

    /// <summary>The store says no, for now, and nothing happened.</summary>
    Refused,

    /// <summary>The store says that requests come too often, and when to come again; nothing happened.</summary>
    RateLimited,

    /// <summary>It never arrived; who sent it cannot know.</summary>
    RequestLost,

    /// <summary>It was done, and the answer never arrived: the lost acknowledgement.</summary>
    AnswerLost,

    /// <summary>Who sent it was told a failure, and the request, on its way still, is done later.</summary>
    DoneLate,

    /// <summary>A content breaks off on the way.</summary>
    BrokenOff,

    /// <summary>The store is away for a while, and nothing reaches it.</summary>
    Away,
}
