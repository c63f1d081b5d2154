using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Home;

/// <summary>
/// Somebody as a command line names one: by a public id, by the name of an identity of this home, or, in a vault, by the fingerprint of one of its members, whole or
/// the beginning of it.
/// </summary>
internal sealed class PersonReference
{
    // Two groups, as lists show them: 50 bits, which two people do not share by chance. If somebody made it so, the reference is ambiguous, and refused.
    private const int FewestDigits = 10;
    private const int AllDigits = 25;
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    private readonly string _option;
    private readonly string _text;
    private readonly PublicId? _id;
    private readonly string? _digits;

    private PersonReference(string option, string text, PublicId? id, string? digits)
    {
        _option = option;
        _text = text;
        _id = id;
        _digits = digits;
    }

    /// <summary>Reads a reference; who a fingerprint means is found out when the vault is open.</summary>
    /// <param name="home">The home, whose identities have names.</param>
    /// <param name="option">The option or argument that has the text, for messages.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="vault">The name of the vault, for messages.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ToolException">It can be nobody; the message says where ids are to be had.</exception>
    public static async Task<PersonReference> ReadAsync(CofferHome home, string option, string text, string vault, CancellationToken cancellationToken)
    {
        var id = await KnownAsync(home, text, cancellationToken);
        var digits = PublicId.TryParse(text, out _) ? null : DigitsOf(text);
        return id is null && digits is null
            ? throw Refused(text, $"{option}: {Fault(text)} 'coffer members {vault}' lists the members of the vault, 'coffer id show NAME' shows an identity of this home.")
            : new PersonReference(option, text, id, digits);
    }

    /// <summary>Reads a reference where no vault is open, so that a fingerprint says nothing yet.</summary>
    /// <exception cref="ToolException">It is neither a public id nor the name of an identity.</exception>
    public static async Task<PublicId> ReadWithoutVaultAsync(CofferHome home, string option, string text, CancellationToken cancellationToken) =>
        await KnownAsync(home, text, cancellationToken) ?? throw Refused(
            text, $"{option}: {(DigitsOf(text) is null ? Fault(text) : "A fingerprint is not enough to find a vault by.")} Write the whole public id, which 'coffer id show NAME' prints for its owner, or the name of an identity of this home.");

    /// <summary>Who is meant.</summary>
    /// <param name="opened">The vault.</param>
    /// <param name="others">Who else can be meant when no member is, such as somebody whose access was taken.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ToolException">Nobody, or more than one.</exception>
    public async Task<PublicId> FindAsync(OpenedVault opened, IAsyncEnumerable<PublicId>? others, CancellationToken cancellationToken)
    {
        if (_digits is null)
            return _id!;
        var members = (await opened.Vault.GetMembersAsync(cancellationToken)).Select(member => member.Id);
        var found = members.Append(opened.Vault.Creator).Where(IsMeant).Distinct().ToList();
        if (_id is not null && !found.Contains(_id))
            found.Add(_id);
        if (found.Count == 0 && others is not null)
            found = await others.Where(IsMeant).Distinct().ToListAsync(cancellationToken);
        return found switch
        {
            [var only] => only,
            [] => throw new ToolException(
                $"{_option}: nobody in '{opened.Name}' has a fingerprint that begins with '{_text}'. 'coffer members {opened.Name}' lists who is in it; who is not, is named by the whole public id, which 'coffer id show NAME' prints for its owner."),
            _ => throw new ToolException(
                $"{_option}: '{_text}' can mean {string.Join(" or ", found.Select(id => id.Fingerprint))}. Write more of it, or the public id; 'coffer members {opened.Name}' lists both."),
        };
    }

    /// <summary>Another home may have an identity of this name; what can name none makes no sense anywhere.</summary>
    private static ToolException Refused(string text, string message) => HomeName.IsName(text) ? new ToolException(message) : ToolException.Usage(message);

    private bool IsMeant(PublicId id) => id.Fingerprint.Replace("-", "", StringComparison.Ordinal).StartsWith(_digits!, StringComparison.Ordinal);

    private static async Task<PublicId?> KnownAsync(CofferHome home, string text, CancellationToken cancellationToken)
    {
        if (PublicId.TryParse(text, out var id))
            return id;
        return HomeName.IsName(text) && File.Exists(home.IdentityPath(text)) ? await IdentityFile.ReadPublicAsync(home.IdentityPath(text), cancellationToken) : null;
    }

    /// <summary>The digits of a fingerprint, or of its beginning, also as lists cut it off: <c>0a1b2-3c4d5-...</c>. Null when it is none.</summary>
    private static string? DigitsOf(string text)
    {
        var digits = text.TrimEnd('.').Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length is >= FewestDigits and <= AllDigits && digits.All(Digits.Contains) ? digits : null;
    }

    private static string Fault(string text)
    {
        if (text.Length <= Excerpt.Longest)
            return $"'{text}' is no identity of this home, no public id, and no fingerprint, of which {FewestDigits} characters are enough.";
        try
        {
            PublicId.Parse(text);
            return "";
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
