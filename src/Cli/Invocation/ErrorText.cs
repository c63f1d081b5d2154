using Coffer.Cli.Files;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;

namespace Coffer.Cli.Invocation;

/// <summary>An error in one or two plain lines for a person.</summary>
internal static class ErrorText
{
    private const int LongestLine = 2_000;

    /// <summary>The text, without a line end and without anything that a terminal would take for a command.</summary>
    public static string Of(Exception error)
    {
        var text = error switch
        {
            AggregateException { InnerExceptions: [var only] } => Of(only),
            ArgumentException { ParamName: { } name } argument => WithoutParameter(argument.Message, name),
            Vaults.VaultQuotaException quota => Of(quota),
            Vaults.AccessDeniedException { Needed: not Vaults.AccessLevel.None and var needed } => $"{error.Message} The command for it is 'coffer grant NAME PUBLIC_ID {Vaults.AccessLevels.Format(needed)}'.",
            Vaults.RecipientCannotReadException => $"{error.Message} 'coffer members NAME' lists who can; the command to let somebody in is 'coffer grant NAME PUBLIC_ID r'.",
            ToolException or FormatException or ArgumentException or StoreException or Vaults.VaultException => error.Message,
            _ when FileFault.Is(error) => FileFault.Sentence(error),
            _ => $"{error.Message} This is unexpected ({error.GetType().Name}); --verbose shows where it happened.",
        };
        return OneLine(text);
    }

    /// <summary>A text in one line, made visible and cut at a length that still can be read.</summary>
    public static string OneLine(string text)
    {
        var line = VisibleText.Of(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        return line.Length <= LongestLine ? line : line[..LongestLine] + "...";
    }

    private static string Of(Vaults.VaultQuotaException quota) =>
        $"This would take the vault beyond its quota of {ByteSize.Format(quota.QuotaBytes)}: it has {ByteSize.Format(quota.AllocatedBytes)}, and this is {ByteSize.Format(quota.WriteBytes)} more. "
        + "Nothing of it was written. Removing files frees nothing, because their versions stay; what a retention has ended makes room 7 days later. An admin can raise the quota by a program (Vault.ConfigureAsync), and this tool has no command for it yet.";

    /// <summary>The framework adds a name of our code to the message, which means nothing to who reads it.</summary>
    private static string WithoutParameter(string message, string name)
    {
        var end = message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
