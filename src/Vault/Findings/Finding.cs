namespace Coffer.Vaults;

/// <summary>
/// Something in a vault that is not as it must be, told once and kept. Two findings are the same one when <see cref="Kind"/>, <see cref="Subject"/> and
/// <see cref="Evidence"/> are equal; see <see cref="IsSame"/>.
/// </summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Subject">What it is about: mostly the name of an object, without the realm.</param>
/// <param name="Message">For a person: what was seen, who can be behind it, and what it means.</param>
/// <param name="Member">The member that it names; null when it names none.</param>
/// <param name="NamesStore">Whether the store, or whoever can write to it, can be behind it.</param>
/// <param name="Writer">The line of commits that it is about, 13 digits; null when it is about none.</param>
/// <param name="Evidence">The SHA-256 of the object that shows it, in lower-case hexadecimal; null when there is none.</param>
/// <param name="Expected">What should be there: a SHA-256 in lower-case hexadecimal where one is known, else in words; null where nothing in particular is expected.</param>
/// <param name="Found">What is there instead, in the same way.</param>
public sealed record Finding(
    FindingKind Kind, string Subject, string Message, PublicId? Member = null, bool NamesStore = false, string? Writer = null, string? Evidence = null, string? Expected = null, string? Found = null)
{
    /// <summary>Whether this is the same finding as another, whatever the words.</summary>
    public bool IsSame(Finding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == other.Kind && string.Equals(Subject, other.Subject, StringComparison.Ordinal)
            && string.Equals(Evidence, other.Evidence, StringComparison.Ordinal);
    }
}
