using System.Security.Cryptography;
using Coffer.Cli.Invocation;
using Coffer.Stores;

namespace Coffer.Cli.Checking;

/// <summary>What came of one trial.</summary>
internal sealed record TrialResult(StoreTrial Trial, TrialAnswer Answer);

/// <summary>All that came of a check.</summary>
/// <param name="StoreName">The store's name, without secrets.</param>
/// <param name="Results">Of each trial.</param>
/// <param name="Speed">How fast it is; null when objects cannot even be put and read.</param>
internal sealed record StoreCheckResult(string StoreName, IReadOnlyList<TrialResult> Results, StoreSpeed? Speed)
{
    /// <summary>Whether a vault can live there.</summary>
    public bool CanHoldVault => Results.All(static result => result.Answer.Outcome == TrialOutcome.Works || !result.Trial.IsNeeded);
}

/// <summary>Tries out a store, below a random prefix that is removed at the end, with the folders that the store made for it.</summary>
/// <param name="open">Opens the store; called twice, for two connections.</param>
/// <param name="tell">Takes a line for the person, beside the result.</param>
internal sealed class StoreCheck(Func<CancellationToken, Task<IStore>> open, Action<string> tell)
{
    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(60);

    /// <summary>The trials, in the order in which they are done and shown.</summary>
    public static IReadOnlyList<StoreTrial> Trials { get; } = [.. ObjectTrials.All, .. ConditionTrials.All, .. ListTrials.All];

    /// <summary>Runs all trials.</summary>
    /// <param name="size">The size of the object by which the speed is measured, in bytes.</param>
    /// <param name="progress">Told the name of each trial before it begins.</param>
    /// <param name="cancellationToken">Cancels it; the prefix is removed all the same.</param>
    /// <exception cref="StoreException">Nothing can be put: the store is not reached, or these credentials do not allow it.</exception>
    public async Task<StoreCheckResult> RunAsync(long size, Action<string> progress, CancellationToken cancellationToken)
    {
        var prefix = StoreKey.Parse("coffer-check-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        await using var store = await open(cancellationToken);
        await using var other = await open(cancellationToken);
        var isUsed = false;
        var place = new TrialPlace(new PrefixStore(store, prefix), new PrefixStore(other, prefix));
        try
        {
            // Whatever a trial could say of a store that takes nothing at all would mislead.
            await place.Store.PutBytesAsync(place.NewKey(), TrialPlace.NewBytes(), cancellationToken: cancellationToken);
            isUsed = true;
            var results = new List<TrialResult>();
            foreach (var trial in Trials)
            {
                progress(trial.Name);
                results.Add(new TrialResult(trial, await AnswerAsync(trial, place, cancellationToken)));
            }
            progress("speed");
            var speed = results[0].Answer.Outcome == TrialOutcome.Works ? await StoreSpeed.MeasureAsync(place, size, cancellationToken) : null;
            return new StoreCheckResult(store.Name, results, speed);
        }
        finally
        {
            if (isUsed)
            {
                progress("removing");
                await RemoveAsync(store, prefix);
            }
            // The one that was opened first made the folders in which the other one works.
            await RemoveTracesAsync(other);
            await RemoveTracesAsync(store);
        }
    }

    private static async Task<TrialAnswer> AnswerAsync(StoreTrial trial, TrialPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await trial.RunAsync(place, cancellationToken);
        }
        catch (Exception e) when (e is StoreException or HttpRequestException)
        {
            return TrialAnswer.Fails(e.Message);
        }
    }

    /// <summary>A place that was not there before the check is not there after it. Where nothing could be put, that was told already.</summary>
    private async Task RemoveTracesAsync(IStore store)
    {
        using var late = new CancellationTokenSource(CleanupTime);
        try
        {
            if (store.Find<IStoreTraces>() is { } traces && await traces.RemoveTracesAsync(late.Token) is { } left)
                tell($"The check made {left}, as the URL says (create=true), and leaves it. Remove it if nobody is to use it.");
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            tell($"Folders that the check had made could not be removed: {ErrorText.Of(e)}");
        }
    }

    private async Task RemoveAsync(IStore store, StoreKey prefix)
    {
        using var late = new CancellationTokenSource(CleanupTime);
        try
        {
            var keys = await store.ListAsync(prefix + "/", cancellationToken: late.Token).Select(entry => entry.Key).ToListAsync(late.Token);
            await store.DeleteManyAsync(keys, late.Token);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            tell($"What the check had put below '{prefix}/' could not be removed: {ErrorText.Of(e)}");
        }
    }
}
