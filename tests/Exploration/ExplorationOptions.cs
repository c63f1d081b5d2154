using System.Globalization;

namespace Coffer.Exploration;

/// <summary>What the command line asks for.</summary>
internal sealed record ExplorationOptions
{
    public const string Usage =
        """
        Coffer.Exploration --executions 300                    explores all scenarios; ends with a line of totals
        Coffer.Exploration --scenario Writes_syncs_and_reads    this one alone, and so on for more

          --executions N    so many executions of each (300)
          --seed N          another choice of executions (1)
          --help            this

        The exit code is 0 when nothing was violated, 1 when something was, 2 for a mistake in the command line.
        """;

    public uint Executions { get; init; } = 300;

    public uint Seed { get; init; } = 1;

    /// <summary>Which scenarios; all when empty.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public bool Help { get; init; }

    /// <exception cref="FormatException">An argument is not known, or has no value.</exception>
    public static ExplorationOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ExplorationOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => i + 1 < arguments.Count ? arguments[++i] : throw new FormatException($"'{name}' needs a value.");
            uint Number() => uint.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"'{name}' needs a number from 1 on, and '{arguments[i]}' is none.");
            options = name switch
            {
                "--executions" => options with { Executions = Number() },
                "--seed" => options with { Seed = Number() },
                "--scenario" => options with { Scenarios = [.. options.Scenarios, Value()] },
                "--help" or "-h" => options with { Help = true },
                _ => throw new FormatException($"'{name}' is not known."),
            };
        }
        return options;
    }
}
