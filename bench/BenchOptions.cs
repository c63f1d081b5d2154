using System.Globalization;

namespace Coffer.Bench;

/// <summary>What may be set for a benchmark; each takes what it needs.</summary>
internal sealed record BenchOptions
{
    /// <summary>The size of the large file, in MiB.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>How many small files.</summary>
    public int Count { get; init; } = 20_000;

    /// <summary>How often everything is done; the medians are shown.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Where all files go, into a folder that is deleted at the end.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>The place that is a folder of this machine.</summary>
    public const string LocalPlace = "file";

    /// <summary>Where the stores are, for a benchmark that has them at one of <see cref="BenchPlace.Names"/>.</summary>
    public string Place { get; init; } = LocalPlace;

    /// <summary>Which of several to measure; none for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The coffer executable; null to publish the one of this tree.</summary>
    public string? Coffer { get; init; }

    /// <summary>Reads the names and options behind a benchmark's name.</summary>
    /// <param name="arguments">What is behind it.</param>
    /// <param name="defaults">What holds where nothing is said.</param>
    /// <param name="options">Both together.</param>
    public static bool TryParse(ReadOnlySpan<string> arguments, BenchOptions defaults, out BenchOptions options)
    {
        options = defaults;
        for (; arguments is [var name, ..] && !name.StartsWith("--", StringComparison.Ordinal); arguments = arguments[1..])
            options = options with { Names = [.. options.Names, name] };
        for (; arguments.Length >= 2; arguments = arguments[2..])
        {
            var value = arguments[1];
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            var next = arguments[0] switch
            {
                "--size" when isNumber => options with { Size = number },
                "--count" when isNumber => options with { Count = number },
                "--rounds" when isNumber => options with { Rounds = number },
                "--folder" => options with { Folder = value },
                "--coffer" => options with { Coffer = value },
                _ => null,
            };
            if (next is null)
                return false;
            options = next;
        }
        return arguments.Length == 0;
    }
}
