using System.Globalization;

namespace Coffer.Simulation;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    public const string Usage =
        """
        Coffer.Simulation --from 1 --seeds 100     lives through these seeds, each in two processes; ends with a line of totals
        Coffer.Simulation --seed 4711 --verbose    tells the history of one seed, line by line

        How it is run:
          --from N          the first seed (1)
          --seeds N         how many seeds (100)
          --seed N          this seed alone
          --workers N       processes side by side (one for each core, and two at least when each seed is lived through twice)
          --single          each seed once: no second process that must tell the same history
          --cut N           so many failing seeds are cut down to a short history (3; 0 for none)
          --verbose         tells all that happened in each seed
          --counters        shows how often each thing happened
          --help            this

        What of a seed is left out:
          --steps N         takes N steps instead of as many as the seed draws: the same ones, ended earlier
          --only WHO:N,N    takes these steps and no others; once for each who acts, as in --only anna-1.2:3,7 --only owner-1.1:4 ('--only nobody' for none at all)
          --no-fault K,K    without these faults of the store: Refused, RateLimited, RequestLost, AnswerLost, DoneLate, BrokenOff, Away
          --no-crash        no process dies

        Ctrl-C ends it with the totals of what was done. The exit code is 0 when nothing was violated and all happened that must, 1 when not, 2 for a mistake in the command line,
        4 when the simulator itself is broken, 130 when it was interrupted.
        """;

    public long From { get; init; } = 1;

    public long Seeds { get; init; } = 100;

    /// <summary>What is left out of each seed; its own seed is the first one.</summary>
    public SeedPlan Plan { get; init; } = new(1);

    /// <summary>How many processes; null for one for each core.</summary>
    public int? Workers { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Each seed once, without a second process to compare with.</summary>
    public bool Single { get; init; }

    /// <summary>How many failing seeds are cut down.</summary>
    public int Cut { get; init; } = 3;

    public bool Counters { get; init; }

    public bool Help { get; init; }

    /// <summary>Given to a worker: its folder.</summary>
    public string? WorkerFolder { get; init; }

    /// <summary>How many processes there are.</summary>
    public int WorkerCount => (int)Math.Min(Math.Max(Workers ?? Environment.ProcessorCount, Single ? 1 : 2), Single ? Seeds : 2 * Seeds);

    /// <summary>How a seed is lived through.</summary>
    public SeedPlan PlanOf(long seed) => Plan with { Seed = seed };

    /// <exception cref="FormatException">An argument is not known, has no value, or makes no sense with another one.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => i + 1 < arguments.Count ? arguments[++i] : throw new FormatException($"'{name}' needs a value.");
            long Number(long least, long most = int.MaxValue) => long.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new FormatException($"'{name}' needs a number from {least} to {most}, and '{arguments[i]}' is none.");
            options = name switch
            {
                "--from" => options with { From = Number(0, long.MaxValue / 2) },
                "--seeds" => options with { Seeds = Number(1) },
                "--seed" => options with { From = Number(0, long.MaxValue / 2), Seeds = 1 },
                "--workers" => options with { Workers = (int)Number(1, 1000) },
                "--single" => options with { Single = true },
                "--cut" => options with { Cut = (int)Number(0) },
                "--verbose" => options with { Verbose = true },
                "--counters" => options with { Counters = true },
                "--help" or "-h" => options with { Help = true },
                "--steps" => options with { Plan = options.Plan with { Steps = (int)Number(0) } },
                "--only" => options with { Plan = options.Plan with { Only = Only(options.Plan.Only, Value()) } },
                "--no-fault" => options with { Plan = options.Plan with { FaultsOff = Faults(options.Plan.FaultsOff, Value()) } },
                "--no-crash" => options with { Plan = options.Plan with { NoCrashes = true } },
                "--worker" => options with { WorkerFolder = Value() },
                _ => throw new FormatException($"'{name}' is not known."),
            };
        }
        if (options.Plan is { Steps: not null, Only: not null })
            throw new FormatException("'--steps' and '--only' say two things: give one of them.");
        return options with { Plan = options.PlanOf(options.From) };
    }

    private static HashSet<StepName> Only(IReadOnlySet<StepName>? known, string value)
    {
        var steps = new HashSet<StepName>(known ?? new HashSet<StepName>());
        if (value == "nobody")
            return steps;
        if (value.Split(':') is not [{ Length: > 0 } actor, var numbers])
            throw new FormatException($"'--only' needs who and which steps, as in anna-1.2:3,7, and '{value}' is not that.");
        foreach (var one in numbers.Split(','))
        {
            if (!int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new FormatException($"'--only {value}': '{one}' is not the number of a step.");
            steps.Add(new StepName(actor, number));
        }
        return steps;
    }

    private static SortedSet<StoreFault> Faults(IReadOnlySet<StoreFault> known, string value)
    {
        var faults = new SortedSet<StoreFault>(known);
        foreach (var name in value.Split(','))
        {
            if (!Enum.TryParse<StoreFault>(name, out var fault) || fault == StoreFault.None || !Enum.IsDefined(fault))
                throw new FormatException($"'--no-fault': '{name}' is no fault. There are {string.Join(", ", Enum.GetValues<StoreFault>().Where(static known => known != StoreFault.None))}.");
            faults.Add(fault);
        }
        return faults;
    }
}
