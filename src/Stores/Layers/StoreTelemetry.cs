using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coffer.Stores;

/// <summary>The names under which a host collects traces and metrics of stores, for example with OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>.</summary>
public static class StoreTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Coffer.Stores";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Requests = Meter.CreateCounter<long>("coffer.store.requests", "{request}", "Requests sent to stores.");

    internal static readonly Counter<long> Bytes = Meter.CreateCounter<long>("coffer.store.io", "By", "Bytes of content read from and put to stores.");

    internal static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("coffer.store.request.duration", "s", "The time that stores took to answer: for a read until its content begins.");

    internal static string NameOf(StoreOperation operation) => operation switch
    {
        StoreOperation.Stat => "stat",
        StoreOperation.Read => "read",
        StoreOperation.Put => "put",
        StoreOperation.Delete => "delete",
        StoreOperation.List => "list",
        _ => "open",
    };

    internal static string ClassOf(StoreOperation operation) => operation switch
    {
        StoreOperation.Put or StoreOperation.List => "write",
        StoreOperation.Delete => "free",
        _ => "read",
    };
}
