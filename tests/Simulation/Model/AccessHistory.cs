using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Who was asked to give and take whose access, when, and what is known of how it went.</summary>
internal sealed class AccessHistory(SimContext context)
{
    /// <summary>Whether clocks are set: then what an admin's clock makes wait when it takes access lies beyond the cut-off, however long ago it was acknowledged.</summary>
    public bool ClocksAreSet { get; init; }

    /// <summary>Whether all were still for more than a week once: then those who could write again what was cut off of theirs did not do it in time.</summary>
    public bool HadLongPause { get; set; }

    /// <summary>Whether everybody can read, and nobody's access to that can be taken.</summary>
    public bool IsPublic { get; init; }

    /// <summary>What is refused is cleaned away after the grace time, a week.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(6.5);

    private readonly List<AccessAttempt> _attempts = [];

    public IReadOnlyList<AccessAttempt> Attempts => _attempts;

    public AccessAttempt Begin(Person member, AccessLevel access)
    {
        var attempt = new AccessAttempt(member, access, context.Moment(), context.Time.GetUtcNow());
        _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>The moment at which a level had been taken from somebody who was never given it again; null when there is none, or it is not sure.</summary>
    public long? TakenForGood(Person member, AccessLevel level)
    {
        var last = _attempts.LastOrDefault(change => change.Member == member && change.Access < level && change.Done is not null);
        return last is not null && !_attempts.Any(change => change.Member == member && change.Access >= level && (change.Began > last.Began || change.Done > last.Began || change.IsUnsure))
            ? last.Done
            : null;
    }

    /// <summary>Whether anybody ever began to take a level from somebody.</summary>
    public bool WasEverTaken(Person member, AccessLevel level) => !(IsPublic && level == AccessLevel.Read) && _attempts.Exists(change => change.Member == member && change.Access < level);

    /// <summary>Whether somebody was ever to have a level.</summary>
    public bool WasEverAsked(Person member, AccessLevel level) => _attempts.Exists(change => change.Member == member && change.Access >= level);

    /// <summary>
    /// Whether what this person wrote may count no more, because it was acknowledged after somebody began to take write access away: then it may lie beyond
    /// the cut-off.
    /// </summary>
    public bool MayBeCutOff(PublicId author, long acknowledged) =>
        _attempts.Exists(change => change.Member.Id.Equals(author) && change.Access < AccessLevel.Write && (change.Began < acknowledged || ClocksAreSet));

    /// <summary>Whether anything of this person's may have been cut off by now.</summary>
    public bool MayBeCutOff(PublicId author) => MayBeCutOff(author, long.MaxValue);

    /// <summary>Whether somebody may have been without write access for so long that the bodies of what was cut off are gone, and cannot be written again.</summary>
    public bool WasOutForLong(Person author) =>
        _attempts.Exists(taken => taken.Member == author && taken.Access < AccessLevel.Write && (HadLongPause || !_attempts.Exists(given => IsGivenBackInTime(taken, given))));

    /// <summary>Whether anything of anybody's may have been cut off by now.</summary>
    public bool MayAnythingBeCutOff => _attempts.Exists(change => change.Access < AccessLevel.Write);

    /// <summary>
    /// The moment from which on somebody can read nothing more that is sealed by who has seen it: read access had been taken for sure, and nobody has begun to give it again.
    /// Null when there is none.
    /// </summary>
    public long? OutSince(Person member)
    {
        var last = _attempts.LastOrDefault(change => change.Member == member && change.Access < AccessLevel.Read && change.Done is not null);
        return !IsPublic && last is not null && !_attempts.Any(change => change.Member == member && change.Access >= AccessLevel.Read && (change.IsUnsure || change.Done > last.Began)) ? last.Done : null;
    }

    private static bool IsGivenBackInTime(AccessAttempt taken, AccessAttempt given) =>
        given.Member == taken.Member && given.Access >= AccessLevel.Write && given.Done is not null && given.Began > taken.Began && given.Asked - taken.Asked < Grace;
}
