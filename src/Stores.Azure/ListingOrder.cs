namespace Coffer.Stores.Azure;

/// <summary>
/// Brings a listing of the service into the order of the bytes of UTF-8. The service orders by UTF-16, and so does Azurite: there a character beyond U+FFFF, which
/// consists of surrogates, comes before those from U+E000 to U+FFFF, and in UTF-8 it comes after them. So names are held back from the first one with a surrogate
/// on, as long as they share what stands before it; then they are given in order. No more than one page is held.
/// </summary>
/// <param name="most">How many entries are held at most.</param>
/// <param name="place">What an error says of the operation.</param>
internal sealed class ListingOrder(int most, Place place)
{
    private readonly List<ObjectInfo> _held = [];
    private string _shared = "";
    private string _previous = "";
    private string? _given;

    /// <summary>Takes the next entry of the service, and gives those whose turn it is now.</summary>
    public IEnumerable<ObjectInfo> Take(ObjectInfo entry)
    {
        var name = entry.Name;
        if (_held.Count > 0 && (_held.Count == most || !name.StartsWith(_shared, StringComparison.Ordinal)))
        {
            foreach (var ready in Rest())
                yield return ready;
        }
        if (_held.Count == 0 && FirstSurrogate(name, _previous.AsSpan().CommonPrefixLength(name)) is var at and >= 0)
            _shared = name[..at];
        else if (_held.Count == 0)
        {
            _previous = name;
            if (Checked(entry) is { } next)
                yield return next;
            yield break;
        }
        _previous = name;
        _held.Add(entry);
    }

    /// <summary>What is still held.</summary>
    public IEnumerable<ObjectInfo> Rest()
    {
        _held.Sort(static (left, right) => Utf8Order.Compare(left.Name, right.Name));
        foreach (var entry in _held)
        {
            if (Checked(entry) is { } next)
                yield return next;
        }
        _held.Clear();
    }

    /// <summary>Null for what was given just before: a common prefix can stand at the end of one page and at the beginning of the next.</summary>
    private ObjectInfo? Checked(ObjectInfo entry)
    {
        var order = _given is null ? -1 : Utf8Order.Compare(_given, entry.Name);
        if (order == 0 && entry.IsPrefix)
            return null;
        if (order >= 0)
        {
            throw place.Error(StoreErrorKind.Unexpected, $"The service listed '{entry.Name}' after '{_given}', which is out of order, so the listing of '{place.StoreName}' cannot be relied on. "
                + "An account with a hierarchical namespace (Data Lake Storage) does so: use one without.");
        }
        _given = entry.Name;
        return entry;
    }

    /// <summary>Where the first surrogate stands in the part that the name before did not have; -1 when there is none.</summary>
    private static int FirstSurrogate(string name, int from)
    {
        for (var i = from; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]))
                return name[i] is >= '\uDC00' and <= '\uDFFF' ? i - 1 : i;
        }
        return -1;
    }
}
