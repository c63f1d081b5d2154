using System.Globalization;

namespace Coffer.Simulation;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    public const string Usage =
        """
        Coffer.Simulation --from 1 --seeds 100     lives through these seeds, each in two processes; ends with a line of totals
        Coffer.Simulation --seed 4711 --verbose    tells the history of one seed, line by line
          --steps 20      takes so many steps in each seed instead of the number that the seed draws: for cutting a history short
          --single        in this process only
          --counters      shows how often each thing happened
        """;

    public long From { get; init; } = 1;

    public long Seeds { get; init; } = 100;

    public bool Verbose { get; init; }

    public int? Steps { get; init; }

    /// <summary>Without a twin to compare with.</summary>
    public bool Single { get; init; }

    public bool Counters { get; init; }

    /// <summary>Given to the twin: the folder where histories are left for the comparison.</summary>
    public string? TwinFolder { get; init; }

    /// <exception cref="FormatException">An argument is not known, or no number.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--from" => options with { From = Number(arguments, ++i) },
                "--seeds" => options with { Seeds = Number(arguments, ++i) },
                "--seed" => options with { From = Number(arguments, ++i), Seeds = 1 },
                "--steps" => options with { Steps = (int)Number(arguments, ++i) },
                "--verbose" => options with { Verbose = true },
                "--single" => options with { Single = true },
                "--counters" => options with { Counters = true },
                "--twin" => options with { TwinFolder = i + 1 < arguments.Count ? arguments[++i] : throw new FormatException("'--twin' needs a folder.") },
                var other => throw new FormatException($"'{other}' is not known."),
            };
        }
        return options;
    }

    /// <summary>The arguments that make another process do the same, and leave its histories in a folder.</summary>
    public IReadOnlyList<string> ForTwin(string folder)
    {
        var arguments = new List<string> { "--from", From.ToString(CultureInfo.InvariantCulture), "--seeds", Seeds.ToString(CultureInfo.InvariantCulture), "--twin", folder };
        if (Steps is { } steps)
            arguments.AddRange(["--steps", steps.ToString(CultureInfo.InvariantCulture)]);
        return arguments;
    }

    private static long Number(IReadOnlyList<string> arguments, int i) =>
        i < arguments.Count && long.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{arguments[i - 1]}' needs a number.");
}
