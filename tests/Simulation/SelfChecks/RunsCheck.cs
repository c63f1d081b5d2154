namespace Coffer.Simulation;

/// <summary>How seeds are run and told: plans, their search, who gets which seed, and when histories differ.</summary>
internal static class RunsCheck
{
    public static void Run()
    {
        PlansAreWrittenAsTheyAreRead();
        EachSeedGoesToTwoWorkers();
        DifferentHistoriesAreSeen();
        KindsOfViolationsAreTold();
        ShortPlansAreFound();
        ShortHistoriesTellWhatWentWrong();
    }

    private static void PlansAreWrittenAsTheyAreRead()
    {
        string[] arguments = ["--seed", "4711", "--only", "anna-1.2:3,7", "--only", "owner-1.1:4", "--no-fault", "RequestLost,Away", "--no-crash"];
        SelfCheck.Holds(RunOptions.Parse(arguments).Plan.ToArguments().SequenceEqual(arguments), "a plan is written as it is read");
        SelfCheck.Holds(RunOptions.Parse(["--seed", "1", "--only", "nobody"]).Plan is { Only.Count: 0, IsChanged: true }, "a plan may have no steps at all");
        SelfCheck.Holds(!RunOptions.Parse(["--seed", "1"]).Plan.IsChanged, "a seed alone is whole");
    }

    private static void EachSeedGoesToTwoWorkers()
    {
        var queue = new SeedQueue(1, 2, twice: true);
        SelfCheck.Holds(queue.Take(1) == 1 && queue.Take(1) == 2 && queue.Take(1) is null && queue.Take(2) == 1 && queue.Take(2) == 2 && queue.Take(2) is null, "each seed goes to two different workers");
    }

    private static void DifferentHistoriesAreSeen() =>
        SelfCheck.Holds(Twins.Difference(["a", "b", "c"], ["a", "x", "c"]).Contains("line 2", StringComparison.Ordinal), "the line where two histories part is told");

    private static void KindsOfViolationsAreTold()
    {
        SelfCheck.Holds(ViolationKind.Of("attempt 72 (Write 'docs/c' by anna-1) was acknowledged and is lost") == ViolationKind.Of("attempt 8 (Delete 'a' by ben-2) was acknowledged and is lost"), "names and numbers are no part of a kind");
        SelfCheck.Holds(ViolationKind.Of("anna-1 c7 read 'a': an error that must not come: X: 'a' is gone\n  at Y") == ViolationKind.Of("owner-new c30 stat 'b': an error that must not come: X: 'own/8' is gone"), "the call is no part of a kind");
        SelfCheck.Holds(ViolationKind.Of("attempt 72 was acknowledged and is lost") != ViolationKind.Of("attempt 72 was accepted and is lost"), "two kinds are two");
    }

    /// <summary>A seed of 40 steps that fails when two of them are taken and answers get lost, whatever else happens.</summary>
    private static void ShortPlansAreFound()
    {
        StepName[] all = [.. Enumerable.Range(1, 40).Select(static number => new StepName(number % 2 == 0 ? "anna-1.1" : "owner-1.1", number))];
        var counts = new Dictionary<string, long> { ["fault AnswerLost Put"] = 1, ["fault Refused Put"] = 1, ["crash before a Put"] = 1 };
        SeedReport Live(SeedPlan plan)
        {
            var steps = plan.Only is { } only ? all.Where(only.Contains).ToList() : [.. all.Take(plan.Steps ?? all.Length)];
            var fails = steps.Contains(all[6]) && steps.Contains(all[21]) && plan.Allows(StoreFault.AnswerLost);
            return new SeedReport("", fails ? [$"attempt {steps.Count} is lost"] : [], counts, steps);
        }

        var search = new PlanSearch(plan => Task.FromResult(Live(plan)), 200, TimeSpan.FromSeconds(60));
        var (best, report) = search.RunAsync(new SeedPlan(1), Live(new SeedPlan(1))).GetAwaiter().GetResult();
        SelfCheck.Holds(report.Steps.SequenceEqual([all[6], all[21]]), "a search leaves the steps that are needed, and no others: " + best);
        SelfCheck.Holds(best is { NoCrashes: true } && best.Allows(StoreFault.AnswerLost) && !best.Allows(StoreFault.Refused), "a search leaves the faults that are needed, and no others: " + best);
        var limited = new PlanSearch(plan => Task.FromResult(Live(plan)), 3, TimeSpan.FromSeconds(60));
        limited.RunAsync(new SeedPlan(1), Live(new SeedPlan(1))).GetAwaiter().GetResult();
        SelfCheck.Holds(limited.Tries == 3, "a search ends with its tries");
    }

    private static void ShortHistoriesTellWhatWentWrong()
    {
        var told = ShortHistory.Of(
        [
            "       1.000 anna-1     step anna-1.1:3", "       1.000 anna-1     c1 write 'a'", "       1.000 anna-1     r1 put x", "       1.001 anna-1     r1 is done", "       1.002 anna-1     r1 -> StoreException OutcomeUnknown",
            "       1.003 anna-1     r2 stat x", "       1.004 anna-1     r2 -> 5 B", "       1.005 anna-1     c1 => done", "       1.006 ben-1      c1 delete 'b'", "       1.007 ben-1      c1 => done",
        ]);
        SelfCheck.Holds(told.Count == 4 && told[1].EndsWith("request put x -> StoreException OutcomeUnknown, though it was done", StringComparison.Ordinal) && told[3].EndsWith("c1 delete 'b' => done", StringComparison.Ordinal),
            "a short history tells calls and what failed: " + string.Join('\n', told));
        var rest = ShortHistory.Of(
        [
            "       1.000 world      the weather is quiet", "       2.000 anna-1     c1 housekeep bodies True", "       2.001 anna-1     c1 => HousekeepingReport { DidAnything = False }",
            "       3.000 ben-1      c1 housekeep bodies True", "       3.001 ben-1      c1 => HousekeepingReport { BodiesDeleted = 1, DidAnything = True }",
        ]);
        SelfCheck.Holds(rest.Count == 2 && rest[1].Contains("ben-1", StringComparison.Ordinal), "a short history leaves out who tidied up in the end and found nothing to do: " + string.Join('\n', rest));
    }
}
