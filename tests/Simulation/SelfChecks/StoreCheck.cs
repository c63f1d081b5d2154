using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>The simulated store: each kind of fault does what it says, and nothing else.</summary>
internal static class StoreCheck
{
    private const int Rounds = 400;

    public static void Run(string folder)
    {
        EveryFaultComes(folder);
        LayersStayInTheSimulation(folder);
    }

    private static void EveryFaultComes(string folder)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var finished = new List<int>();
        var context = StormyContext(folder);
        var inner = new MemoryStore("check", context.Time);
        var store = new SimStore(inner, "device", context.Stream("link"), context, new Lifeline(static _ => false, static _ => { }), isRepeated: false);
        new SimLoop(context.Time, context.InFlight).Run(async () =>
        {
            var rounds = Enumerable.Range(0, Rounds).Select(round => PutAndReadAsync(round, store, inner, context, seen, finished)).ToList();
            foreach (var round in rounds)
                await round;
        });
        SelfCheck.Holds(
            seen.SetEquals(
            [
                "put Unavailable, absent", "put RateLimited, absent", "put OutcomeUnknown, absent", "put OutcomeUnknown, there", "put OutcomeUnknown, there later",
                "put there", "read", "read breaks off", "read Unavailable", "read RateLimited",
            ]),
            "every fault of puts and reads comes, with its effect or without as it must: " + string.Join("; ", seen));
        SelfCheck.Holds(!finished.SequenceEqual(finished.Order()), "concurrent requests are done in another order than they were sent");
        SelfCheck.Holds(context.Weather.Late == 0, "what is done late is done in the end");
    }

    /// <summary>The layers wait by timers and gates; none of that may end up in the thread pool.</summary>
    private static void LayersStayInTheSimulation(string folder)
    {
        var context = StormyContext(folder);
        IStore store = new SimStore(new MemoryStore("check", context.Time), "device", context.Stream("link"), context, new Lifeline(static _ => false, static _ => { }), isRepeated: false);
        store = new TimeoutStore(new ConcurrencyLimitStore(store, new ConcurrencyLimitOptions()), context.Time);
        store = new RetryStore(store, context.Time, null, context.Stream("retry").NextDouble);
        var read = 0;
        new SimLoop(context.Time, context.InFlight).Run(async () =>
        {
            for (var round = 0; round < Rounds / 4; round++)
            {
                var key = StoreKey.Parse($"key/{round}");
                await store.PutAsync(key, ObjectBody.FromBytes(new byte[round]));
                await using var reader = await store.OpenReadAsync(key);
                read += (await Collect.BytesAsync(reader.Content)).Length == round ? 1 : 0;
            }
        });
        SelfCheck.Holds(read == Rounds / 4, "the retry layer hides faults, in virtual time");
    }

    /// <summary>The first seed with the worst weather.</summary>
    private static SimContext StormyContext(string folder)
    {
        for (var seed = 1; ; seed++)
        {
            var context = new SimContext(new SeedPlan(seed), folder);
            if (context.Weather.ToString().Contains("faults 15", StringComparison.Ordinal))
                return context;
        }
    }

    private static async Task PutAndReadAsync(int round, SimStore store, MemoryStore inner, SimContext context, SortedSet<string> seen, List<int> finished)
    {
        var key = StoreKey.Parse($"key/{round}");
        var bytes = new byte[round];
        try
        {
            await store.PutAsync(key, ObjectBody.FromBytes(bytes), PutOptions.CreateOnly);
            finished.Add(round);
            seen.Add(await inner.StatAsync(key) is null ? "put absent" : "put there");
        }
        catch (StoreException e)
        {
            var isThere = await inner.StatAsync(key) is not null;
            await context.Pause(StoreWeather.LatestEffect);
            var isThereLater = await inner.StatAsync(key) is not null;
            seen.Add($"put {e.Kind}, {(isThere ? "there" : isThereLater ? "there later" : "absent")}");
        }
        if (await inner.StatAsync(key) is null)
            return;
        try
        {
            await using var reader = await store.OpenReadAsync(key);
            seen.Add(await ReadAsync(reader, round));
        }
        catch (StoreException e)
        {
            seen.Add($"read {e.Kind}");
        }
    }

    private static async Task<string> ReadAsync(ObjectReader reader, int length)
    {
        try
        {
            return (await Collect.BytesAsync(reader.Content)).Length == length ? "read" : "read too little";
        }
        catch (StoreException)
        {
            return "read breaks off";
        }
    }
}
