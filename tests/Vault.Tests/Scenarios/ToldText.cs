using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>All that this process tells anybody who listens, at the finest level: traces with all tags, metrics with theirs, and every exception that is thrown, caught or not.</summary>
internal sealed class ToldText : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ActivityListener _traces;
    private readonly MeterListener _metrics = new();

    public ToldText()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Add($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.Select(static told => told.Name + string.Join(' ', told.Tags)))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(_traces);
        _metrics.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument.Name + Join(tags)));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument.Name + Join(tags)));
        _metrics.Start();
        AppDomain.CurrentDomain.FirstChanceException += OnException;
    }

    /// <summary>What was told so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Something that a person could print.</summary>
    public void Add(object? told) => _lines.Enqueue($"{told}");

    private static string Join(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray());

    private void OnException(object? sender, FirstChanceExceptionEventArgs thrown) => Add(thrown.Exception);

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= OnException;
        _traces.Dispose();
        _metrics.Dispose();
    }
}
