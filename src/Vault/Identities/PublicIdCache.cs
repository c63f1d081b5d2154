using System.Diagnostics.CodeAnalysis;

namespace Coffer.Vaults;

/// <summary>
/// Public ids that were validated once, found by their bytes: commits and blocks name the same few people again and again. It may be used from any thread.
/// </summary>
/// <remarks>When it is full it keeps what it has, so strangers' ids in junk cannot push members out of it.</remarks>
internal sealed class PublicIdCache
{
    private readonly Lock _gate = new();
    private readonly HashSet<PublicId> _ids = new(ByBytes.Instance);
    private readonly HashSet<PublicId>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly int _capacity;

    /// <param name="capacity">How many ids it remembers.</param>
    public PublicIdCache(int capacity = 4096)
    {
        _capacity = capacity;
        _byBytes = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The id of 65 bytes.</summary>
    /// <exception cref="FormatException">The bytes are no public id.</exception>
    public PublicId Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == PublicId.Size)
        {
            lock (_gate)
            {
                if (_byBytes.TryGetValue(bytes, out var known))
                    return known;
            }
        }
        var id = PublicId.FromBytes(bytes);
        Add(id);
        return id;
    }

    /// <summary>Remembers an id.</summary>
    public void Add(PublicId id)
    {
        lock (_gate)
        {
            if (_ids.Count < _capacity)
                _ids.Add(id);
        }
    }

    private sealed class ByBytes : IEqualityComparer<PublicId>, IAlternateEqualityComparer<ReadOnlySpan<byte>, PublicId>
    {
        public static ByBytes Instance { get; } = new();

        public bool Equals(PublicId? x, PublicId? y) => x == y;

        public int GetHashCode([DisallowNull] PublicId obj) => obj.GetHashCode();

        public bool Equals(ReadOnlySpan<byte> alternate, PublicId other) => alternate.SequenceEqual(other.Bytes);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => PublicId.HashOf(alternate);

        public PublicId Create(ReadOnlySpan<byte> alternate) => PublicId.FromBytes(alternate);
    }
}
