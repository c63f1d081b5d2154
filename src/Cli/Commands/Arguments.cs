using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Commands;

/// <summary>The arguments and options that several commands share.</summary>
internal static class Arguments
{
    /// <summary>How a person is called in help: see <see cref="PersonReference"/>.</summary>
    public const string Who = "WHO";

    public static Argument<string> Vault()
    {
        var argument = new Argument<string>("NAME") { Description = "The vault's name in this home." };
        argument.Validators.Add(static result => RequireName(result, "vault"));
        return argument;
    }

    public static Argument<string> Place() => new("NAME:PATH") { Description = "A place in a vault; NAME: is its root." };

    public static Argument<string> Member(string description) => new(Who) { Description = description };

    public static Option<string> Identity()
    {
        var option = new Option<string>("--as") { Description = "The identity of this home to open the vault with.", HelpName = "IDENTITY", Required = true };
        option.Validators.Add(static result => RequireName(result, "identity"));
        return option;
    }

    public static Option<string?> IdentityUnlessPublic()
    {
        var option = new Option<string?>("--as") { Description = "The identity of this home to open the vault with. A public vault can be read without one.", HelpName = "IDENTITY" };
        option.Validators.Add(static result => RequireName(result, "identity"));
        return option;
    }

    private static void RequireName(SymbolResult result, string what)
    {
        if (result.Tokens is [{ Value: var text }] && HomeName.Fault(text, what) is { } fault)
            result.AddError(fault);
    }

    public static Option<string> Realm() => new("--realm")
    {
        Description = "The realm within the store; several vaults can share a store. Anybody can read the one called 'public'.",
        HelpName = "REALM",
        DefaultValueFactory = _ => "users",
    };

    public static Option<int?> Version() => new("--version")
    {
        Description = "An older version, by its number in 'coffer versions'; 1 is the oldest.",
        HelpName = "N",
        CustomParser = static result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"'{text}' is no number of a version. 'coffer versions NAME:PATH' shows the numbers; 1 is the oldest.");
            return null;
        },
    };

    public static Option<bool> Yes() => new("--yes") { Description = "Do it without asking." };

    /// <summary>Reads a value by a parser of the tool's own. A text that it refuses is a mistake on the command line.</summary>
    public static T Read<T>(string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw ToolException.Usage(e.Message);
        }
    }

    /// <summary>The URL of the store that somebody typed, as a URL or a folder.</summary>
    public static string Store(Session session, string text)
    {
        if (StoreUrl.HoldsSecret(text))
        {
            throw ToolException.Usage("A secret stands in this URL, and what is on a command line can be seen by others, and stays in histories. "
                + $"Take it out, and put it into {session.Home.StoreSettingsPath}, a file that only you may read (chmod 600), as " + """{ "sftp://me@nas/vaults": { "password": "..." } }""");
        }
        return Read(Read(text, StorePlace.Parse), session.Known);
    }

    /// <summary>The person that an option names; null when it is not given.</summary>
    public static async Task<PersonReference?> PersonAsync(Session session, ParseResult parsed, Option<string?> option, string vault, CancellationToken cancellationToken) =>
        parsed.GetValue(option) is { } text ? await PersonReference.ReadAsync(session.Home, option.Name, text, vault, cancellationToken) : null;

    /// <summary>The place that an argument names.</summary>
    public static VaultPlace PlaceOf(this ParseResult parsed, Argument<string> argument) => Read(parsed.GetRequiredValue(argument), VaultPlace.Parse);
}
