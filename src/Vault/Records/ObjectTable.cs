using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Records;

/// <summary>
/// The objects of one commit while its records are read or written: index 0 is the tail, whose pieces must fill it from end to end, n the n-th object, each of
/// which must be used.
/// </summary>
internal sealed class ObjectTable(IReadOnlyList<ObjectUse> uses, int tailLength)
{
    private readonly bool[] _used = new bool[uses.Count];
    private long _tail;

    public long IndexOf(ObjectName? place)
    {
        if (place is not { } name)
            return 0;
        var low = 0;
        var high = uses.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Compare(uses[middle].Name, name);
            if (order == 0)
                return middle + 1;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        throw new InvalidOperationException("A record uses an object that its commit does not list.");
    }

    /// <summary>The object at an index, for a piece of this size at this offset.</summary>
    public ObjectName? Use(long index, long offset, long size)
    {
        if (index > uses.Count)
            throw new WireException("a piece lies in an object that it does not list");
        if (index == 0)
        {
            if (offset != _tail || size > tailLength - _tail)
                throw new WireException("the pieces in its tail do not fill it one after the other");
            _tail += size;
            return null;
        }
        var use = uses[(int)index - 1];
        if (offset > use.Size || size > use.Size - offset)
            throw new WireException("a piece reaches beyond the end of its object");
        _used[index - 1] = true;
        return use.Name;
    }

    /// <summary>The order of objects in a commit: by segment, then by id.</summary>
    public static int Compare(ObjectName left, ObjectName right) =>
        left.Segment == right.Segment ? left.Id.CompareTo(right.Id) : left.Segment.CompareTo(right.Segment);

    public void CheckAllUsed()
    {
        if (_tail != tailLength || Array.IndexOf(_used, false) >= 0)
            throw new WireException("it has bytes in its tail, or lists objects, that no record uses");
    }
}
