using Coffer.Cli.Parsing;

namespace Coffer.Cli.Checking;

/// <summary>Trials of conditions: above all, that of all who create an object only one does.</summary>
internal static class ConditionTrials
{
    private const int Writers = 8;
    private const int Rounds = 10;
    private const string Overwriting = "two members would overwrite each other unnoticed";

    public static IReadOnlyList<StoreTrial> All { get; } =
    [
        new("create only if absent", IsNeeded: true, Overwriting, CreateOnlyAsync),
        new("one winner of many creators", IsNeeded: true, Overwriting, RaceAsync),
        new("replace only one version", IsNeeded: false, "nothing: a vault does not need it", IfMatchAsync),
        new("read only if changed", IsNeeded: false, "nothing: a vault does not need it", IfNoneMatchAsync),
        new("versions that tell contents apart", IsNeeded: false, "a poll reads the change marker in place of asking for its version", VersionsAsync),
        new("the server's time", IsNeeded: false, "ages are measured by this machine's clock", TimeAsync),
    ];

    private static async Task<TrialAnswer> CreateOnlyAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        foreach (var store in new[] { place.Store, place.Other })
        {
            if (store.Find<ICapabilityProbe>() is { IsSettled: false } probe)
                await probe.ProbeAsync(cancellationToken);
        }
        if (!place.Store.Capabilities.IfAbsent)
            return TrialAnswer.Lacks("the server does not keep the condition");
        var (key, first) = (place.NewKey(), TrialPlace.NewBytes());
        await place.Store.PutBytesAsync(key, first, PutOptions.CreateOnly, cancellationToken);
        var second = await TrialPlace.KindOfErrorAsync(async () => await place.Other.PutBytesAsync(key, TrialPlace.NewBytes(), PutOptions.CreateOnly, cancellationToken));
        if (second != StoreErrorKind.AlreadyExists)
            return TrialAnswer.Fails($"a second create was answered with {second?.ToString() ?? "success"}");
        return TrialAnswer.Of(
            await place.FaultOfAsync(key, first, cancellationToken), place.Store.Capabilities.MaxConditionalSize is { } most ? $"up to {ByteSize.Format(most)}" : "");
    }

    private static async Task<TrialAnswer> RaceAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        if (!place.Store.Capabilities.IfAbsent)
            return TrialAnswer.Lacks();
        for (var round = 0; round < Rounds; round++)
        {
            var key = place.NewKey("race");
            var contents = Enumerable.Range(0, Writers).Select(writer => TrialPlace.NewBytes(1000 + writer)).ToArray();
            var won = await Task.WhenAll(contents.Select(async (bytes, writer) => await TrialPlace.KindOfErrorAsync(async () =>
                await (writer % 2 == 0 ? place.Store : place.Other).PutBytesAsync(key, bytes, PutOptions.CreateOnly, cancellationToken))));
            if (won.FirstOrDefault(kind => kind is not (null or StoreErrorKind.AlreadyExists)) is { } other)
                return TrialAnswer.Fails($"a creator was answered with {other}");
            var winners = won.Index().Where(one => one.Item is null).Select(one => one.Index).ToList();
            if (winners.Count != 1)
                return TrialAnswer.Fails($"{winners.Count} of {Writers} creators at the same time were told that they had won");
            if (await place.FaultOfAsync(key, contents[winners[0]], cancellationToken) is not null)
                return TrialAnswer.Fails("the object does not have the content of the one who won");
        }
        return TrialAnswer.Works($"{Rounds} rounds of {Writers}");
    }

    private static async Task<TrialAnswer> IfMatchAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        if (!place.Store.Capabilities.IfMatch)
            return TrialAnswer.Lacks();
        var key = place.NewKey();
        var old = await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        var now = await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), new PutOptions { Condition = PutCondition.IfMatch(old.Version!.Value) }, cancellationToken);
        var late = await TrialPlace.KindOfErrorAsync(async () =>
            await place.Other.PutBytesAsync(key, TrialPlace.NewBytes(), new PutOptions { Condition = PutCondition.IfMatch(old.Version!.Value) }, cancellationToken));
        return TrialAnswer.Of(late != StoreErrorKind.ConditionFailed ? $"a put over another version was answered with {late?.ToString() ?? "success"}"
            : (await place.Store.StatAsync(key, cancellationToken))?.Version != now.Version ? "the version is not that of the last put" : null);
    }

    private static async Task<TrialAnswer> IfNoneMatchAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        if (!place.Store.Capabilities.IfNoneMatch)
            return TrialAnswer.Lacks();
        var key = place.NewKey();
        var info = await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        var same = await TrialPlace.KindOfErrorAsync(async () =>
        {
            await using var reader = await place.Store.OpenReadAsync(key, new ReadOptions { IfNoneMatch = info.Version }, cancellationToken);
        });
        return TrialAnswer.Of(same == StoreErrorKind.ConditionFailed ? null : $"the same version was answered with {same?.ToString() ?? "its content"}");
    }

    private static async Task<TrialAnswer> VersionsAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        if (!place.Store.Capabilities.StrongVersions)
            return TrialAnswer.Lacks();
        var key = place.NewKey();
        var seen = new HashSet<ObjectVersion>();
        for (var round = 0; round < Rounds; round++)
        {
            await place.Store.PutBytesAsync(key, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
            var version = (await place.Store.StatAsync(key, cancellationToken))?.Version;
            if (version is null || !seen.Add(version.Value))
                return TrialAnswer.Fails("two contents had the same version");
        }
        return TrialAnswer.Works();
    }

    private static async Task<TrialAnswer> TimeAsync(TrialPlace place, CancellationToken cancellationToken)
    {
        var info = await place.Store.PutBytesAsync(place.NewKey(), TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        if (info.StoreTime is not { } time)
            return place.Store.Capabilities.StoreTime ? TrialAnswer.Fails("it was not told") : TrialAnswer.Lacks();
        var ahead = time - DateTimeOffset.UtcNow;
        // The protocols tell whole seconds, rounded down.
        return TrialAnswer.Works(ahead.Duration() < TimeSpan.FromSeconds(5) ? "" : $"{Math.Abs(ahead.TotalSeconds):0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine");
    }
}
