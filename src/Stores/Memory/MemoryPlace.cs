namespace Coffer.Stores;

/// <summary>Where a listing goes on: at a name, or behind it.</summary>
internal readonly record struct MemoryPlace(string Name, bool Inclusive)
{
    public static MemoryPlace Start(string prefix, ListOptions options) => options.StartAfter is { } after && Utf8Order.Compare(after, prefix) >= 0
        ? new(after, Inclusive: false)
        : new(prefix, Inclusive: true);
}
