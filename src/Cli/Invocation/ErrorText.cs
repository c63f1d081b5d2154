using Coffer.Cli.Files;
using Coffer.Cli.Output;

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

    /// <summary>The framework adds a name of our code to the message, which means nothing to who reads it.</summary>
    private static string WithoutParameter(string message, string name)
    {
        var end = message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
