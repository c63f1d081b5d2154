namespace Coffer.Simulation;

/// <summary>Scheduler, loop, time and random numbers.</summary>
internal static class EngineCheck
{
    public static void Run(string folder)
    {
        TasksRunInOrderAndTimeGoesOnOnlyWhenNothingIsReady(folder);
        StandingStillIsSeen(folder);
        AnotherThreadIsSeen(folder);
        StreamsAreIndependentAndRepeat();
    }

    private static void TasksRunInOrderAndTimeGoesOnOnlyWhenNothingIsReady(string folder)
    {
        var context = new SimContext(new SeedPlan(1), folder);
        var order = new List<string>();
        async Task ActAsync(string name, int seconds)
        {
            await Task.Yield();
            order.Add(name);
            await context.Pause(TimeSpan.FromSeconds(seconds));
            order.Add($"{name} after {seconds}");
        }

        var start = context.Time.GetUtcNow();
        new SimLoop(context.Time, context.InFlight).Run(() => Task.WhenAll(ActAsync("a", 2), ActAsync("b", 1), ActAsync("c", 1)));
        SelfCheck.Holds(order.SequenceEqual(["a", "b", "c", "b after 1", "c after 1", "a after 2"]), "tasks run in the order in which they are ready, and timers in the order of time");
        SelfCheck.Holds(context.Time.GetUtcNow() - start == TimeSpan.FromSeconds(2), "time stands where the last timer was");
    }

    private static void StandingStillIsSeen(string folder)
    {
        var context = new SimContext(new SeedPlan(1), folder);
        context.InFlight.Begin("the one that never ends");
        var message = MessageOf(() => new SimLoop(context.Time, context.InFlight).Run(() => new TaskCompletionSource().Task));
        SelfCheck.Holds(message.Contains("the one that never ends", StringComparison.Ordinal), "standing still is seen, and told with what is in flight");
    }

    private static void AnotherThreadIsSeen(string folder)
    {
        var context = new SimContext(new SeedPlan(1), folder);
        var message = MessageOf(() => new SimLoop(context.Time, context.InFlight).Run(async () => await Task.Run(() => Thread.Sleep(50))));
        SelfCheck.Holds(message.Contains("Another thread", StringComparison.Ordinal), "work on another thread is seen");
    }

    private static void StreamsAreIndependentAndRepeat()
    {
        ulong First(long seed, string stream) => new SimRandom(seed, stream).NextBits();
        SelfCheck.Holds(First(1, "a") == First(1, "a") && First(1, "a") != First(1, "b") && First(1, "a") != First(2, "a"), "a stream hangs on seed and name, and repeats");
        var random = new SimRandom(1, "range");
        SelfCheck.Holds(Enumerable.Range(0, 1000).Select(_ => random.Between(3, 5)).ToHashSet().SetEquals([3, 4, 5]), "both ends of a range come");
    }

    private static string MessageOf(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (SimulationBrokenException e)
        {
            return e.Message;
        }
    }
}
