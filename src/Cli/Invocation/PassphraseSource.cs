using System.Text;

namespace Coffer.Cli.Invocation;

/// <summary>
/// Where passphrases come from: a file (<c>--passphrase-file</c>), the variable <c>COFFER_PASSPHRASE</c>, or a person at the terminal, in this order. Never an
/// argument: those are seen by everybody who lists processes.
/// </summary>
internal sealed class PassphraseSource(string? file)
{
    private const int Longest = 4_096;
    private const string Ways = "Run coffer on a terminal, name a file with --passphrase-file, or set COFFER_PASSPHRASE.";

    /// <summary>Whether the command line names a file.</summary>
    public bool HasFile => file is not null;

    /// <summary>The passphrase that opens something.</summary>
    /// <exception cref="ToolException">There is no way to ask.</exception>
    public async ValueTask<string?> AskAsync(string what, CancellationToken cancellationToken) =>
        await GivenAsync(cancellationToken) ?? await PromptAsync($"Passphrase of {what}: ", cancellationToken);

    /// <summary>A new passphrase: a person types it twice.</summary>
    /// <exception cref="ToolException">There is no way to ask, it is empty, or the two differ.</exception>
    public async Task<string> ChooseAsync(string what, CancellationToken cancellationToken)
    {
        var chosen = await GivenAsync(cancellationToken);
        if (chosen is null)
        {
            chosen = await PromptAsync($"New passphrase of {what}: ", cancellationToken);
            if (!string.Equals(chosen, await PromptAsync("The same again: ", cancellationToken), StringComparison.Ordinal))
                throw new ToolException("The two passphrases differ. Nothing was written.");
        }
        return chosen.Length > 0 ? chosen : throw new ToolException("An empty passphrase protects nothing. Leave --passphrase out if you want none.");
    }

    private async ValueTask<string?> GivenAsync(CancellationToken cancellationToken)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable("COFFER_PASSPHRASE") is { Length: > 0 } variable ? variable : null;
        var text = await File.ReadAllTextAsync(file, new UTF8Encoding(false, throwOnInvalidBytes: true), cancellationToken);
        // An editor ends the last line, and the passphrase is the first.
        var line = text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;
        return line.Length is > 0 and <= Longest
            ? line
            : throw new ToolException($"The passphrase is the first line of {file}, and that has {line.Length} characters. It can have 1 to {Longest}.");
    }

    private static async Task<string> PromptAsync(string prompt, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            throw new ToolException($"A passphrase is needed, and there is no terminal to ask on. {Ways}");
        await Console.Error.WriteAsync(prompt);
        // Reading keys cannot be broken off; when the person presses Ctrl-C, the process ends anyway.
        try
        {
            return await Task.Run(ReadKeys, CancellationToken.None).WaitAsync(cancellationToken);
        }
        finally
        {
            await Console.Error.WriteLineAsync();
        }
    }

    private static string ReadKeys()
    {
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\n' or '\r')
                return typed.ToString();
            if (key.Key == ConsoleKey.Backspace)
                typed.Length -= typed.Length == 0 ? 0 : typed.Length > 1 && char.IsLowSurrogate(typed[^1]) ? 2 : 1;
            else if (!char.IsControl(key.KeyChar) && typed.Length < Longest)
                typed.Append(key.KeyChar);
        }
    }
}
