using Coffer.Testing;

namespace Coffer.Simulation;

/// <summary>What all parts of one simulated world share.</summary>
internal sealed class SimContext
{
    private readonly List<string> _violations = [];
    private long _moments;

    /// <param name="plan">The seed, from which everything comes, and what of it is left out.</param>
    /// <param name="root">A folder of this run alone.</param>
    public SimContext(SeedPlan plan, string root)
    {
        Plan = plan;
        Root = root;
        Time = new ManualTime(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
        History = new History(Time, root);
        Coincidences = new Coincidences(Counters);
        Weather = new StoreWeather(Stream("weather"), plan);
    }

    public SeedPlan Plan { get; }

    public long Seed => Plan.Seed;

    public string Root { get; }

    public ManualTime Time { get; }

    public History History { get; }

    public StoreWeather Weather { get; }

    public InFlight InFlight { get; } = new();

    public Counters Counters { get; } = new();

    public Coincidences Coincidences { get; }

    public LedgerEpochs Epochs { get; } = new();

    public SentLines Lines { get; } = new();

    public SharedChecks Signatures { get; } = new();

    /// <summary>The draws of the step that is taken here; none in what belongs to no step.</summary>
    public AsyncLocal<StepDraws?> Step { get; } = new();

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>An independent stream of random numbers for one part.</summary>
    public SimRandom Stream(string part) => new(Seed, part);

    /// <summary>A number that grows with each call: orders what begins and ends at one virtual time.</summary>
    public long Moment() => ++_moments;

    /// <summary>Something that must never be.</summary>
    public void Violation(string what)
    {
        // Its first line alone: behind it may stand the trace of a stack, which is no part of what happened.
        History.Add("VIOLATION", what.Split('\n')[0]);
        _violations.Add(what.Replace(Root, "~", StringComparison.Ordinal));
    }

    public Task Pause(TimeSpan time) => Task.Delay(time, Time);
}
