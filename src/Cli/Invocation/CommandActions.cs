using System.CommandLine;

namespace Coffer.Cli.Invocation;

/// <summary>Gives commands what they do.</summary>
internal static class CommandActions
{
    /// <summary>Runs this with a session of its own, and flushes its output when it ends well.</summary>
    public static Command Runs(this Command command, Func<Session, ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var session = new Session(
                (ToolInvocation)parsed.InvocationConfiguration,
                parsed.GetValue(CommonOptions.Json),
                new PassphraseSource(parsed.GetValue(CommonOptions.PassphraseFile)));
            var code = await AdvisedAsync(session, () => action(session, parsed, cancellationToken));
            await session.Out.FlushAsync(CancellationToken.None);
            return code;
        });
        return command;
    }

    private static async Task<int> AdvisedAsync(Session session, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.Unauthenticated)
        {
            throw new ToolException($"{e.Message} {LoginAdvice.For(e.StoreName, session.Home)}", inner: e);
        }
    }

    /// <summary>Runs this, and succeeds when it throws nothing.</summary>
    public static Command Runs(this Command command, Func<Session, ParseResult, CancellationToken, Task> action) =>
        command.Runs(async (session, parsed, cancellationToken) =>
        {
            await action(session, parsed, cancellationToken);
            return ExitCode.Success;
        });
}
