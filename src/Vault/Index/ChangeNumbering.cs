using System.Globalization;
using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Index;

/// <summary>
/// Names for the numbers of the changes. An index may be replaced by an older copy of itself, and then gives the same numbers to other changes. So what one process numbers has a name of its own, and a position belongs to this
/// index only when its number has the same name here.
/// </summary>
internal sealed class ChangeNumbering(LocalDatabase database, StatusTable status, IRandomSource random)
{
    private bool _isNamed;
    private (long First, long Last, string Name)? _known;

    /// <summary>The number of the last change.</summary>
    public long Last => Convert.ToInt64(database.Scalar("SELECT COALESCE(MAX(position), 0) FROM changes"), CultureInfo.InvariantCulture);

    /// <summary>Names what this process numbers from now on. Called within the transaction that adds a change, before that.</summary>
    public void Begin()
    {
        if (_isNamed)
            return;
        database.Run("INSERT INTO numberings(first, name) VALUES(?,?) ON CONFLICT(first) DO UPDATE SET name=excluded.name", Last + 1, RandomName.New(random));
        _isNamed = true;
        _known = null;
    }

    /// <summary>Forgets what is remembered of an index that is another one now, or of a transaction that was not committed.</summary>
    public void Forget() => (_isNamed, _known) = (false, null);

    /// <summary>The name under which a number was given; null when it has not been given yet.</summary>
    public string? NameOf(long change)
    {
        if (_known is var (from, to, name) && change >= from && change <= to)
            return name;
        if (Last is var last && change > last)
            return null;
        var found = database.Query("SELECT first, name FROM numberings WHERE first<=? ORDER BY first DESC LIMIT 1", static reader => (First: reader.GetInt64(0), Name: reader.GetString(1)), change);
        if (found is not [var (first, known), ..])
            return status.Name(random);
        var next = database.Scalar("SELECT MIN(first) FROM numberings WHERE first>?", change) is { } other ? Convert.ToInt64(other, CultureInfo.InvariantCulture) - 1 : last;
        _known = (first, next, known);
        return known;
    }

    /// <summary>Whether a position belongs to this index, so that what has a greater number came after it.</summary>
    public bool IsOfThisIndex(ChangePosition position) => NameOf(position.Change) == position.Index;
}
