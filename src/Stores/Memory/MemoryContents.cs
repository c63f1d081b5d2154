using System.Collections.Immutable;
using System.Globalization;

namespace Coffer.Stores;

/// <summary>
/// The objects of a <see cref="MemoryStore"/>, apart from it because several opened stores may share them. The names are kept in the order of listings, and a
/// listing finds its place anew by name for each page, so that it tolerates every change in between.
/// </summary>
internal sealed class MemoryContents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryObject> _objects = new(StringComparer.Ordinal);
    private ImmutableSortedSet<string> _names = ImmutableSortedSet.Create<string>(Utf8Order.Instance);
    private long _versions;

    public MemoryObject? Get(StoreKey key)
    {
        lock (_lock)
            return _objects.GetValueOrDefault(key.Value);
    }

    /// <summary>Puts an object when the condition holds; gives it, or null and the object that was in the way.</summary>
    public (MemoryObject? Stored, MemoryObject? Found) Put(StoreKey key, ReadOnlyMemory<byte> bytes, PutCondition condition, DateTimeOffset now)
    {
        lock (_lock)
        {
            var found = _objects.GetValueOrDefault(key.Value);
            var holds = condition.Kind switch
            {
                PutConditionKind.IfAbsent => found is null,
                PutConditionKind.IfMatch => found?.Version == condition.Version,
                _ => true,
            };
            if (!holds)
                return (null, found);
            var version = new ObjectVersion((++_versions).ToString("x8", CultureInfo.InvariantCulture));
            var stored = new MemoryObject(key, bytes, version, now);
            _objects[key.Value] = stored;
            if (found is null)
                _names = _names.Add(key.Value);
            return (stored, found);
        }
    }

    public void Delete(StoreKey key)
    {
        lock (_lock)
        {
            if (_objects.Remove(key.Value))
                _names = _names.Remove(key.Value);
        }
    }

    /// <summary>The entries that follow a place, at most <paramref name="count"/> of them. Fewer than that: the listing has ended.</summary>
    public List<ObjectInfo> Page(string prefix, ListOptions options, ref MemoryPlace place, int count, DateTimeOffset now)
    {
        var page = new List<ObjectInfo>();
        lock (_lock)
        {
            var index = IndexOf(place);
            while (page.Count < count && index < _names.Count)
            {
                var name = _names[index];
                if (!name.StartsWith(prefix, StringComparison.Ordinal))
                    break;
                var slash = options.Shallow ? name.IndexOf('/', prefix.Length) : -1;
                if (slash < 0)
                {
                    page.Add(_objects[name].InfoAt(now));
                    place = new MemoryPlace(name, Inclusive: false);
                    index++;
                    continue;
                }
                if (options.StartAfter is not { } after || Utf8Order.Compare(name.AsSpan(0, slash + 1), after) > 0)
                    page.Add(new ObjectInfo(StoreKey.Parse(name[..slash]), 0) { IsPrefix = true, StoreTime = now });
                // '0' is the character after '/', so this is where everything below the common prefix has passed.
                place = new MemoryPlace(name[..slash] + "0", Inclusive: true);
                index = IndexOf(place);
            }
        }
        return page;
    }

    private int IndexOf(MemoryPlace place)
    {
        var index = _names.IndexOf(place.Name);
        return index < 0 ? ~index : place.Inclusive ? index : index + 1;
    }
}
