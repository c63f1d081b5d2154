using System.Diagnostics;
using System.Diagnostics.Metrics;
using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class TelemetryStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("secret-plan");

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _inner;
    private readonly TelemetryStore _store;

    public TelemetryStoreTests()
    {
        _inner = new ScriptedStore(new MemoryStore("telemetry", _time));
        _store = new TelemetryStore(_inner, _time);
    }

    [Fact]
    public async Task Requests_and_bytes_are_counted_by_operation()
    {
        await _store.PutTextAsync(Key, "0123456789");
        await _store.StatAsync(Key);
        await _store.ReadTextAsync(Key);
        await _store.ReadBytesAsync(Key, new ByteRange(2, 3));
        await _store.NamesAsync();
        await _store.DeleteAsync(Key);
        await _store.StatAsync(Key);

        var counters = _store.Counters;

        Assert.Equal(new StoreOperationCounters(2, 0, 0), counters.Stat);
        Assert.Equal(new StoreOperationCounters(2, 0, 13), counters.Read);
        Assert.Equal(new StoreOperationCounters(1, 0, 10), counters.Put);
        Assert.Equal(new StoreOperationCounters(1, 0, 0), counters.Delete);
        Assert.Equal(new StoreOperationCounters(1, 0, 0), counters.List);
        Assert.Equal((7, 0), (counters.Requests, counters.Failures));
    }

    [Fact]
    public async Task Requests_are_told_apart_by_what_they_cost()
    {
        await _store.PutTextAsync(Key, "x");
        await _store.NamesAsync();
        await _store.StatAsync(Key);
        await _store.ReadTextAsync(Key);
        await _store.ReadTextAsync(Key);
        await _store.DeleteAsync(Key);

        var counters = _store.Counters;

        Assert.Equal(2, counters.RequestsOf(StoreRequestClass.Write));
        Assert.Equal(3, counters.RequestsOf(StoreRequestClass.Read));
        Assert.Equal(1, counters.RequestsOf(StoreRequestClass.Free));
    }

    [Fact]
    public async Task Two_snapshots_tell_what_happened_in_between()
    {
        await _store.PutTextAsync(Key, "x");
        var before = _store.Counters;
        await _store.PutTextAsync(Key, "yz");

        var between = _store.Counters.Since(before);

        Assert.Equal(new StoreOperationCounters(1, 0, 2), between.Put);
        Assert.Equal(1, between.Requests);
    }

    [Fact]
    public async Task A_listing_counts_one_for_each_page()
    {
        for (var i = 0; i < 10; i++)
            await _store.PutTextAsync(StoreKey.Parse($"k{i}"), "x");

        Assert.Equal(4, await PagesAsync(3));
        Assert.Equal(2, await PagesAsync(5));
        Assert.Equal(1, await PagesAsync(10));
        Assert.Equal(1, await PagesAsync(null));

        async Task<long> PagesAsync(int? size)
        {
            var before = _store.Counters;
            await _store.NamesAsync("", new ListOptions { PageSize = size });
            return _store.Counters.Since(before).List.Requests;
        }
    }

    [Fact]
    public async Task A_batch_of_deletes_counts_one_for_each_thousand_keys()
    {
        await _store.DeleteManyAsync([.. Enumerable.Range(0, 2001).Select(i => StoreKey.Parse($"k{i}"))]);

        Assert.Equal(3, _store.Counters.Delete.Requests);
    }

    [Fact]
    public async Task A_failed_request_is_a_request_and_what_is_refused_before_any_io_is_none()
    {
        await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(Key));
        await Assert.ThrowsAsync<StoreException>(async () => await _store.StatAsync(default));
        await Assert.ThrowsAsync<StoreException>(async () => await _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([])), PutOptions.CreateOnly));

        Assert.Equal(new StoreOperationCounters(1, 1, 0), _store.Counters.Read);
        Assert.Equal(1, _store.Counters.Requests);
    }

    [Fact]
    public async Task A_content_that_breaks_off_is_a_failure_of_its_request()
    {
        await _store.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader => BrokenStream.Break(reader, 4, StoreErrorKind.Unavailable);

        await Assert.ThrowsAsync<StoreException>(async () => await _store.ReadTextAsync(Key));

        Assert.Equal(new StoreOperationCounters(1, 1, 4), _store.Counters.Read);
    }

    [Fact]
    public async Task Each_attempt_is_counted_where_the_registry_composes_the_layers()
    {
        var provider = new ScriptedProvider(_inner);
        await using var store = new StoreRegistry(provider).Open("scripted://x", new StoreOpenOptions { Context = new() { Time = _time }, Randomness = () => 0.5 });
        _inner.Before = (_, call, _) => call <= 2 ? throw ScriptedStore.Error(StoreErrorKind.Unavailable) : default;

        var task = store.StatAsync(Key).AsTask();
        await _time.DriveAsync(task);
        await task;

        Assert.Equal(new StoreOperationCounters(3, 2, 0), store.Find<TelemetryStore>()!.Counters.Stat);
    }

    [Fact]
    public async Task A_trace_names_the_store_the_key_and_the_outcome()
    {
        var activities = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StoreTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("coffer.store"), "mem://telemetry"))
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        await _store.PutTextAsync(Key, "content");
        await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(StoreKey.Parse("missing")));

        Assert.Equal(["store put", "store read"], activities.Select(a => a.OperationName));
        Assert.Equal("secret-plan", activities[0].GetTagItem("coffer.key"));
        Assert.Equal(7L, activities[0].GetTagItem("coffer.size"));
        Assert.Equal((ActivityStatusCode.Error, "NotFound"), (activities[1].Status, activities[1].GetTagItem("error.type")));
    }

    [Fact]
    public async Task Metrics_have_few_tags_and_no_names()
    {
        var tags = new List<(string Instrument, string Tags)>();
        var durations = new List<double>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => Enable(i, l) };
        listener.SetMeasurementEventCallback<long>((i, value, t, _) => Add(i, t));
        listener.SetMeasurementEventCallback<double>((i, value, t, _) =>
        {
            if (Add(i, t))
                durations.Add(value);
        });
        listener.Start();
        var store = new TelemetryStore(new NamedStore(_inner), _time);
        _inner.Before = async (_, _, _) => _time.Advance(TimeSpan.FromSeconds(2));

        await store.PutTextAsync(Key, "content");

        Assert.Equal(["coffer.store.io", "coffer.store.request.duration", "coffer.store.requests"], tags.Select(t => t.Instrument).Order());
        Assert.All(tags, t => Assert.Equal("coffer.store.scheme=metered coffer.operation=put coffer.request.class=write", t.Tags));
        Assert.Equal([2.0], durations);

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument.Meter.Name == StoreTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        }

        bool Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> given)
        {
            var text = string.Join(' ', given.ToArray().Select(t => $"{t.Key}={t.Value}"));
            if (!text.Contains("=metered", StringComparison.Ordinal))
                return false;
            tags.Add((instrument.Name, text));
            return true;
        }
    }

    /// <summary>A scheme of its own, so that tests that run at the same time do not mix.</summary>
    private sealed class NamedStore(IStore inner) : DelegatingStore(inner)
    {
        public override string Name => "metered://bucket/path";
    }
}
