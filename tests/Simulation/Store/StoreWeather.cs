namespace Coffer.Simulation;

/// <summary>How the store behaves in one seed: how slow it is, how often it fails, how long its pages are. All links to it share one.</summary>
internal sealed class StoreWeather
{
    /// <summary>An effect that comes after its failure comes within this: well below a quarter of the shortest packing margin, as the design demands.</summary>
    public static readonly TimeSpan LatestEffect = TimeSpan.FromSeconds(120);

    private static readonly (int Weight, StoreFault Fault)[] PutFaults =
    [
        (25, StoreFault.Refused), (10, StoreFault.RateLimited), (20, StoreFault.RequestLost), (30, StoreFault.AnswerLost), (15, StoreFault.DoneLate),
    ];

    private static readonly (int Weight, StoreFault Fault)[] ReadFaults = [(60, StoreFault.Refused), (10, StoreFault.RateLimited), (30, StoreFault.BrokenOff)];

    private static readonly (int Weight, StoreFault Fault)[] OtherFaults =
        [(40, StoreFault.Refused), (10, StoreFault.RateLimited), (20, StoreFault.RequestLost), (30, StoreFault.AnswerLost)];

    /// <summary>So much more often fails what is seldom sent.</summary>
    private const double RareFaults = 4;

    private readonly SeedPlan _plan;
    private readonly double _slow;
    private readonly double _faults;
    private readonly double _markerFaults;
    private readonly double _deaths;

    public StoreWeather(SimRandom random, SeedPlan plan)
    {
        _plan = plan;
        Latency = TimeSpan.FromMilliseconds(random.Weighted([(30, 2), (40, 30), (20, 300), (10, 3000)]));
        _slow = random.Weighted([(50, 0.0), (30, 0.02), (20, 0.15)]);
        _faults = random.Weighted([(20, 0.0), (30, 0.01), (30, 0.05), (20, 0.15)]);
        _markerFaults = random.Weighted([(70, 0.0), (20, 0.5), (10, 0.95)]);
        _deaths = random.Weighted([(40, 0.0), (40, 0.0015), (20, 0.006)]);
        HasOutages = random.Chance(0.25);
        PageSize = random.Weighted([(30, 2), (30, 7), (40, 1000)]);
    }

    /// <summary>Entries in one page of a listing.</summary>
    public int PageSize { get; }

    /// <summary>Whether the store is away now and then.</summary>
    public bool HasOutages { get; }

    /// <summary>Whether it is away now.</summary>
    public bool IsAway { get; set; }

    /// <summary>How long a request takes, more or less.</summary>
    public TimeSpan Latency { get; }

    /// <summary>No faults and no deaths; what takes time goes on to take it.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Nothing takes time any more.</summary>
    public bool IsStill { get; set; }

    /// <summary>How many requests are on their way that their senders have given up.</summary>
    public int Late { get; set; }

    /// <summary>One half of the time that a request takes. Each draws its own, so that those sent together end in any order.</summary>
    public TimeSpan Wait(SimRandom random) => random.About(random.Chance(_slow) ? Latency * 20 : Latency) * (IsStill ? 0 : 1);

    /// <summary>What happens to a request.</summary>
    /// <param name="operation">What it asks for.</param>
    /// <param name="isRare">Whether it is seldom sent; then it fails more often, or its failures would hardly ever come.</param>
    /// <param name="random">Where it is drawn from.</param>
    public StoreFault Fault(StoreOperation operation, bool isRare, SimRandom random)
    {
        // Drawn in any case, so that the end of the storm changes no other draw.
        var fails = random.Chance(isRare ? _faults * RareFaults : _faults);
        var fault = random.Weighted(operation switch
        {
            StoreOperation.Put => PutFaults,
            StoreOperation.Read => ReadFaults,
            _ => OtherFaults,
        });
        var came = IsQuiet ? StoreFault.None : IsAway && _plan.Allows(StoreFault.Away) ? StoreFault.Away : fails ? fault : StoreFault.None;
        return _plan.Allows(came) ? came : StoreFault.None;
    }

    /// <summary>Whether the change marker is not written this time: it is a hint, and may come late or never.</summary>
    public bool LosesMarker(SimRandom random) => random.Chance(_markerFaults) && !IsQuiet && _plan.Allows(StoreFault.RequestLost);

    /// <summary>Whether a process dies at a moment that is so likely, next to a request, to be its last.</summary>
    public bool Kills(SimRandom random, double weight) => _deaths > 0 && random.Chance(_deaths * weight) && !IsQuiet && !_plan.NoCrashes;

    public override string ToString() => $"latency {Latency.TotalMilliseconds} ms, slow {_slow:P0}, faults {_faults:P0}, pages of {PageSize}, marker lost {_markerFaults:P0}, deaths {_deaths:P1}{(HasOutages ? ", outages" : "")}";
}
