using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary>The options that choose a sealed file of a path: by who sealed it, and to whom. Who is left out is oneself.</summary>
internal sealed class SealOptions
{
    private readonly Option<string?> _from = new("--from") { Description = "The file that this member sealed to you.", HelpName = "PUBLIC_ID" };
    private readonly Option<string?> _to = new("--to") { Description = "The file that you sealed to this member; with --from, the one that was sealed from there to here.", HelpName = "PUBLIC_ID" };

    /// <summary>Gives a command these options.</summary>
    public Command AddTo(Command command)
    {
        command.Options.Add(_from);
        command.Options.Add(_to);
        return command;
    }

    /// <summary>What the command line says, to be asked once the vault is open; ids that are none are a mistake at once.</summary>
    public Func<Vault, FileSeal?> Read(ParseResult parsed)
    {
        var (from, to) = (Arguments.Id(parsed.GetValue(_from)), Arguments.Id(parsed.GetValue(_to)));
        return vault =>
        {
            if (from is null && to is null)
                return null;
            if (vault.IsAnonymous)
                throw new ToolException("This vault is open without an identity, and sealed files open for nobody but those whom they are between. Join it with --as first.");
            return new FileSeal(from ?? vault.Me, to ?? vault.Me);
        };
    }
}
