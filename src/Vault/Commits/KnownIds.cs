using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>Public ids that were validated before: every commit names some, and the check of a point costs far more than finding it again.</summary>
internal sealed class KnownIds
{
    private const int Most = 10_000;

    private readonly Dictionary<Digest, PublicId> _ids = [];
    private readonly Lock _lock = new();

    /// <exception cref="FormatException">The bytes are no public id.</exception>
    public PublicId Of(ReadOnlySpan<byte> bytes)
    {
        var name = Digest.Of(bytes);
        lock (_lock)
        {
            if (_ids.TryGetValue(name, out var known))
                return known;
        }
        var id = PublicId.FromBytes(bytes);
        lock (_lock)
        {
            if (_ids.Count >= Most)
                _ids.Clear();
            _ids[name] = id;
        }
        return id;
    }
}
