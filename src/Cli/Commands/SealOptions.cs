using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Commands;

/// <summary>The options that choose a sealed file of a path: by who sealed it, and to whom. Who is left out is oneself.</summary>
internal sealed class SealOptions
{
    private readonly Option<string?> _from = new("--from") { Description = "What this member sealed to you.", HelpName = Arguments.Who };
    private readonly Option<string?> _to = new("--to") { Description = "What you sealed to this member; with --from, what was sealed from there to here.", HelpName = Arguments.Who };

    /// <summary>Gives a command these options.</summary>
    public Command AddTo(Command command)
    {
        command.Options.Add(_from);
        command.Options.Add(_to);
        return command;
    }

    /// <summary>What the command line says, to be asked once the vault is open; what can name nobody is a mistake at once.</summary>
    public async Task<SealChoice> ReadAsync(Session session, ParseResult parsed, string vault, CancellationToken cancellationToken) => new(
        await Arguments.PersonAsync(session, parsed, _from, vault, cancellationToken), await Arguments.PersonAsync(session, parsed, _to, vault, cancellationToken));
}
