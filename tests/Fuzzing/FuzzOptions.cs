using System.Globalization;

namespace Coffer.Fuzzing;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Tells the copy of this program whose code tells where it went that it is that copy.</summary>
    public const string Worker = "--worker";

    public const string Usage =
        """
        Coffer.Fuzzing --cases 200000                  so many cases for each parser; ends with a line of totals
        Coffer.Fuzzing --target blocks --cases 5000000 this parser alone, and so on for more
        Coffer.Fuzzing --target blocks --input FILE    one input that was kept, told with what goes wrong

          --cases N     so many inputs for each parser (100,000); slow parsers get a part of it
          --seed N      other inputs (1)
          --target T    this parser alone; can be repeated
          --input FILE  this input alone
          --help        this

        The exit code is 0 when nothing went wrong, 1 when something did, 2 for a mistake in the command line.
        """;

    public long Cases { get; init; } = 100_000;

    public ulong Seed { get; init; } = 1;

    /// <summary>Which parsers; all when empty.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    public string? Input { get; init; }

    public bool IsWorker { get; init; }

    public bool Help { get; init; }

    /// <exception cref="FormatException">There is no such option, or its value is none.</exception>
    public static FuzzOptions Parse(string[] arguments)
    {
        var options = new FuzzOptions();
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var name))
        {
            options = name switch
            {
                "--help" => options with { Help = true },
                Worker => options with { IsWorker = true },
                "--cases" => options with { Cases = Number(name, left) },
                "--seed" => options with { Seed = (ulong)Number(name, left) },
                "--target" => options with { Targets = [.. options.Targets, Value(name, left)] },
                "--input" => options with { Input = Path.GetFullPath(Value(name, left)) },
                _ => throw new FormatException($"'{name}' is no option."),
            };
        }
        return options.Input is null || options.Targets.Count == 1 ? options : throw new FormatException("An input belongs to one parser: add --target.");
    }

    private static string Value(string name, Queue<string> left) => left.TryDequeue(out var value) ? value : throw new FormatException($"'{name}' needs a value.");

    private static long Number(string name, Queue<string> left) =>
        long.TryParse(Value(name, left), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{name}' needs a number.");
}
