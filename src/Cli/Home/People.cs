using Coffer.Vaults;

namespace Coffer.Cli.Home;

/// <summary>What this home calls people: by the names of its own identities, and others by their fingerprints.</summary>
internal sealed class People
{
    // Two of five groups: enough to tell the members of a vault apart in a list. Where it matters who somebody is, the whole fingerprint is shown.
    private const int ShownGroups = 2;

    private readonly Dictionary<PublicId, string> _names;

    private People(Dictionary<PublicId, string> names) => _names = names;

    public static async Task<People> OfAsync(CofferHome home, CancellationToken cancellationToken)
    {
        var names = new Dictionary<PublicId, string>();
        foreach (var name in home.Identities())
        {
            try
            {
                names.TryAdd(await IdentityFile.ReadPublicAsync(home.IdentityPath(name), cancellationToken), name);
            }
            catch (Exception e) when (e is IdentityFileException or IOException or UnauthorizedAccessException)
            {
                // An identity that cannot be read has no name here; the command that needs it says why.
            }
        }
        return new People(names);
    }

    /// <summary>The name of one's own identity; null for anybody else.</summary>
    public string? NameOf(PublicId id) => _names.GetValueOrDefault(id);

    /// <summary>The whole fingerprint, and the name when there is one: where it matters who somebody is.</summary>
    public string Full(PublicId id) => id.Fingerprint + (NameOf(id) is { } name ? $" ({name})" : "");

    /// <summary>A name that is short enough for a list.</summary>
    public string Short(PublicId id) => NameOf(id) ?? string.Join('-', id.Fingerprint.Split('-').Take(ShownGroups)) + "-...";
}
