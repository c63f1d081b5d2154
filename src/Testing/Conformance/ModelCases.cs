using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Coffer.Testing;

internal static class ModelCases
{
    private const int LongestSequence = 40;
    private const ulong Seed = 20261122;
    private const int MostShrinks = 400;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("Random_sequences_of_operations_do_what_they_do_to_a_dictionary", StoreConformance.Always, RunAsync),
    ];

    /// <summary>FsCheck makes the sequences and shrinks them; running them is ours, because a store is asynchronous.</summary>
    private static async Task RunAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var operation = Gen.Choose(0, Enum.GetValues<ModelVerb>().Length - 1)
            .SelectMany(verb => Gen.Choose(0, 100).SelectMany(key => Gen.Choose(0, 1000).Select(other => new ModelOperation((ModelVerb)verb, key, other))));
        var sequences = Arb.Array(Arb.From(operation, Simpler));
        var runs = 0;
        foreach (var sequence in sequences.Generator.Sample(LongestSequence, new Rnd(Seed), context.ModelRuns))
        {
            if (await FailureAsync(context, runs++, sequence, cancellationToken) is not { } failure)
                continue;
            var smallest = sequence;
            var candidates = new Queue<ModelOperation[]>(sequences.Shrinker(sequence));
            for (var shrinks = 0; shrinks < MostShrinks && candidates.TryDequeue(out var candidate); shrinks++)
            {
                if (await FailureAsync(context, runs++, candidate, cancellationToken) is not { } found)
                    continue;
                (smallest, failure) = (candidate, found);
                candidates = new Queue<ModelOperation[]>(sequences.Shrinker(candidate));
            }
            var steps = string.Join(Environment.NewLine, smallest.Select(static (step, i) => string.Create(CultureInfo.InvariantCulture, $"  {i + 1}. {step}")));
            throw new ConformanceException($"After these operations the store and a dictionary differ. {failure.Message}{Environment.NewLine}{steps}", failure);
        }
    }

    private static IEnumerable<ModelOperation> Simpler(ModelOperation operation)
    {
        if (operation.Key > 0)
            yield return operation with { Key = operation.Key / 2 };
        if (operation.Other > 0)
            yield return operation with { Other = operation.Other / 2 };
    }

    private static async Task<Exception?> FailureAsync(ConformanceContext context, int run, ModelOperation[] sequence, CancellationToken cancellationToken)
    {
        var model = new ModelRun(context.Store, string.Create(CultureInfo.InvariantCulture, $"{context.Prefix}run{run}/"));
        try
        {
            foreach (var operation in sequence)
                await model.DoAsync(operation, cancellationToken);
            await model.CheckAllAsync(cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is ConformanceException or StoreException)
        {
            return exception;
        }
    }
}
