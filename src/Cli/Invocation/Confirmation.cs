namespace Coffer.Cli.Invocation;

/// <summary>Asks a person before something that cannot be taken back, or that somebody may not have meant.</summary>
internal static class Confirmation
{
    /// <summary>Goes on when the command line says so (<c>--yes</c>), or a person at the terminal does.</summary>
    /// <param name="what">What would be done, in whole sentences.</param>
    /// <param name="isGiven">Whether the command line has <c>--yes</c>.</param>
    /// <param name="cancellationToken">Leaves the question without an answer.</param>
    /// <exception cref="ToolException">The person said no, or there is nobody to ask.</exception>
    public static async Task RequireAsync(string what, bool isGiven, CancellationToken cancellationToken)
    {
        if (isGiven)
            return;
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            throw new ToolException($"{what} There is no terminal to ask on, so nothing was done. If you mean it, add --yes.");
        await Console.Error.WriteAsync($"{what}\nGo on? [y/N] ");
        // Reading a line cannot be broken off; when the person presses Ctrl-C, the process ends anyway.
        var answer = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        if (!IsYes(answer))
            throw new ToolException("Nothing was done.");
    }

    private static bool IsYes(string? answer) => answer?.Trim().ToUpperInvariant() is "Y" or "YES";
}
