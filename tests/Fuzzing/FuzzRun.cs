using Coffer.Fuzzing.Targets;

namespace Coffer.Fuzzing;

/// <summary>A run over all parsers that are wanted.</summary>
internal static class FuzzRun
{
    private static readonly FuzzTarget[] All =
        [new BlockTarget(), new LedgerTarget(), new CommitHeaderTarget(), new CommitHeadTarget(), new PackTarget(), new InvitationTarget(), new IdentityTarget(), new PublicIdTarget(), new NameTarget(), new PositionTarget(), new LocalFileTarget()];

    public static async Task<int> RunAsync(FuzzOptions options)
    {
        if (options.Targets.FirstOrDefault(name => !Array.Exists(All, target => target.Name == name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no parser '{unknown}'. There are: {string.Join(", ", All.Select(static target => target.Name))}.");
            return 2;
        }
        using var world = await SeedWorld.CreateAsync();
        var (cases, failures) = (0L, 0);
        foreach (var target in All.Where(target => options.Targets.Count == 0 || options.Targets.Contains(target.Name)))
        {
            var loop = new FuzzLoop(target, options.Seed);
            var wrong = options.Input is { } file ? One(target, loop, world, await File.ReadAllBytesAsync(file)) : loop.Run(world, Math.Max(1, options.Cases / target.Rarity));
            cases += loop.Cases;
            Console.WriteLine($"{target.Name}: {loop.Cases} cases, {loop.Accepted} accepted, {loop.Corpus} kept for new branches of {loop.Branches}, allocations up to {loop.MostAllocated:P0} of what is allowed");
            if (wrong is not var (input, fault))
                continue;
            failures++;
            await TellAsync(target, input, fault);
        }
        Console.WriteLine($"{cases} cases, {failures} failures");
        return failures == 0 ? 0 : 1;
    }

    /// <summary>One input alone; the others are read before, because what a parser says may hang on what it knows.</summary>
    private static (byte[], FuzzException)? One(FuzzTarget target, FuzzLoop loop, SeedWorld world, byte[] input)
    {
        if (loop.Run(world, cases: 0) is { } wrong)
            return wrong;
        return loop.Try(input, always: true) is { } fault ? (input, fault) : null;
    }

    private static async Task TellAsync(FuzzTarget target, byte[] input, FuzzException fault)
    {
        var file = Path.Combine(Path.GetTempPath(), $"coffer-fuzzing-{target.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}.bin");
        await File.WriteAllBytesAsync(file, input);
        Console.WriteLine($"FAILED {target.Name}, {input.Length} bytes: {fault.Message}");
        if (fault.InnerException is { } inner)
            Console.WriteLine(inner.StackTrace);
        Console.WriteLine($"  again: Coffer.Fuzzing --target {target.Name} --input {file}");
    }
}
