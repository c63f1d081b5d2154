using System.Globalization;
using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Index;

/// <summary>Public ids as short numbers, so that a row need not repeat 65 bytes.</summary>
internal sealed class AuthorTable(LocalDatabase database)
{
    private readonly Dictionary<PublicId, long> _known = [];

    /// <summary>The number of an id, which is given one when it has none.</summary>
    public long Of(PublicId id)
    {
        lock (database.Gate)
        {
            if (_known.TryGetValue(id, out var number))
                return number;
            var bytes = id.Bytes.ToArray();
            number = Convert.ToInt64(
                database.Scalar("INSERT INTO authors(bytes) VALUES(?) ON CONFLICT DO UPDATE SET bytes=excluded.bytes RETURNING id", bytes), CultureInfo.InvariantCulture);
            _known.Add(id, number);
            return number;
        }
    }

    /// <summary>Forgets the numbers, because a transaction that gave one was rolled back, or the index is another.</summary>
    public void Forget()
    {
        lock (database.Gate)
            _known.Clear();
    }
}
