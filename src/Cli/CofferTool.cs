using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Coffer.Cli.Commands;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli;

/// <summary>The <c>coffer</c> tool: its commands, and how each of them can end.</summary>
internal static class CofferTool
{
    /// <summary>Runs the tool as a process of its own.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var interrupt = new Interrupt();
        var invocation = ToolInvocation.OfProcess();
        var parsed = Parse(arguments);
        try
        {
            return await InvokeAsync(parsed, invocation, interrupt.Token);
        }
        catch (OutputClosedException)
        {
            return ExitCode.OutputClosed;
        }
        catch (Exception e) when (interrupt.Signal != 0)
        {
            // What fails while everything is being cancelled fails because of it.
            Tell(parsed, invocation, "interrupted", e);
            return ExitCode.OfSignal(interrupt.Signal);
        }
        catch (Exception e)
        {
            Tell(parsed, invocation, ErrorText.Of(e), e);
            return e is ToolException tool ? tool.ExitCode : ExitCode.Failure;
        }
    }

    /// <summary>Runs one command line inside of this process; its errors are thrown.</summary>
    public static Task<int> RunAsync(string[] arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        InvokeAsync(Parse(arguments), invocation, cancellationToken);

    // A file name may begin with '@', which would else be read as a file of arguments.
    private static ParseResult Parse(string[] arguments) => Root().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static async Task<int> InvokeAsync(ParseResult parsed, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (parsed.Action is not ParseErrorAction)
        {
            var code = parsed.Action is HelpAction ? await ShowHelpAsync(parsed, invocation, cancellationToken) : await parsed.InvokeAsync(invocation, cancellationToken);
            await invocation.Output.FlushAsync(CancellationToken.None);
            return code;
        }
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0 || parsed.UnmatchedTokens.Count > 0)
        {
            var words = WordsOf(parsed.CommandResult);
            var fault = command.Subcommands.Count > 0 ? $"'{words} {parsed.UnmatchedTokens[0]}' is no command." : Missing(parsed.CommandResult, words) ?? parsed.Errors[0].Message;
            throw ToolException.Usage($"{fault} '{words} --help' shows what there is.");
        }
        // The first words of a command: who types them wants to know how it goes on.
        await command.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = invocation.Error }, cancellationToken);
        return ExitCode.Usage;
    }

    /// <summary>The arguments that a command lacks, by their names; null when it has them.</summary>
    private static string? Missing(CommandResult result, string words)
    {
        var missing = result.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is not { Tokens.Count: > 0 }).Select(static argument => argument.Name).ToList();
        return missing.Count == 0 ? null : $"'{words}' needs {string.Join(" and ", missing)}.";
    }

    /// <summary>The parser knows one argument for sources and target of a <c>put</c>, and shows its end as one that can be repeated, which the target is not.</summary>
    private static async Task<int> ShowHelpAsync(ParseResult parsed, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        using var help = new StringWriter();
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = help }, cancellationToken);
        await invocation.Output.WriteAsync(help.ToString().Replace("<NAME:PATH>...", "<NAME:PATH>", StringComparison.Ordinal));
        return code;
    }

    /// <summary>The command as it was typed: <c>coffer id new</c>.</summary>
    private static string WordsOf(CommandResult result) => result.Parent is CommandResult parent ? $"{WordsOf(parent)} {result.Command.Name}" : "coffer";

    private static void Tell(ParseResult parsed, ToolInvocation invocation, string text, Exception e)
    {
        invocation.Error.WriteLine("coffer: " + text);
        foreach (var detail in (e as ToolException)?.Details ?? [])
            invocation.Error.WriteLine("coffer:   " + ErrorText.OneLine(detail));
        if (parsed.GetValue(CommonOptions.Verbose))
            invocation.Error.WriteLine(e);
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Encrypted files shared through any object store, without a server.")
        {
            IdCommand.Create(),
            CreateCommand.Create(),
            InviteCommand.Create(),
            JoinCommand.Create(),
            GrantCommand.Create(),
            RevokeCommand.Create(),
            MembersCommand.Create(),
            PutCommand.Create(),
            GetCommand.Create(),
            CatCommand.Create(),
            LsCommand.Create(),
            StatCommand.Create(),
            VersionsCommand.Create(),
            RmCommand.Create(),
            SyncCommand.Create(),
            StatusCommand.Create(),
            HousekeepCommand.Create(),
            VerifyCommand.Create(),
            RepairCommand.Create(),
            SettleCommand.Create(),
            AcceptCommand.Create(),
            PendingCommand.Create(),
            RebuildCommand.Create(),
            VaultsCommand.Create(),
            ForgetCommand.Create(),
            LedgerCommand.Create(),
            StoreCommand.Create(),
            DemoCommand.Create(),
            CommonOptions.Json,
            CommonOptions.Verbose,
            CommonOptions.PassphraseFile,
        };
        root.Directives.Clear();
        return root;
    }
}
