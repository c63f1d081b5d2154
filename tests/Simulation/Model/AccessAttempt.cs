using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>One attempt of an admin to set another's access.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Access">To what.</param>
/// <param name="Began">The moment at which it was asked.</param>
/// <param name="Asked">The time of that moment.</param>
internal sealed record AccessAttempt(Person Member, AccessLevel Access, long Began, DateTimeOffset Asked)
{
    /// <summary>The moment at which it was done; null when it failed, or nobody knows.</summary>
    public long? Done { get; set; }

    /// <summary>It failed, and may be done all the same.</summary>
    public bool IsUnsure => Done is null;
}
