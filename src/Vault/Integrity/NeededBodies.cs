using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Integrity;

/// <summary>The objects in <c>data/</c> that commits which count name for bodies that still live, and what must be in them.</summary>
/// <param name="now">What ended before it is not needed, in milliseconds since 1970.</param>
/// <param name="withPieces">Whether the pieces are to be held against their roots.</param>
internal sealed class NeededBodies(long now, bool withPieces)
{
    /// <summary>So many files are named for an object that is missing.</summary>
    private const int MostPaths = 4;

    private readonly Dictionary<ObjectName, NeededObject> _objects = [];

    /// <summary>All objects, by name.</summary>
    public List<NeededObject> ByName()
    {
        var objects = _objects.Values.ToList();
        objects.Sort(static (left, right) => ObjectTable.Compare(left.Name, right.Name));
        return objects;
    }

    /// <summary>Notes what a commit that counts needs.</summary>
    public void Add(Commit commit)
    {
        var sizes = commit.Head.Objects.ToDictionary(static use => use.Name, static use => use.Size);
        foreach (var record in commit.Head.Records.OfType<VersionRecord>())
        {
            if (record.Stored is not { } body || RecordEnds.HasPassed(body.End, now))
                continue;
            for (var i = 0; i < body.Pieces.Count; i++)
            {
                if (body.Pieces[i].Object is { } name)
                    Add(name, sizes[name], commit, record.AsFile()?.Path, new NeededPiece(body.Layout.Piece(i), body.Pieces[i]));
            }
        }
    }

    private void Add(ObjectName name, long size, Commit commit, string? path, NeededPiece piece)
    {
        if (!_objects.TryGetValue(name, out var needed))
            _objects.Add(name, needed = new NeededObject(name, size, commit.Link));
        if (path is not null && needed.Paths.Count < MostPaths && !needed.Paths.Contains(path))
            needed.Paths.Add(path);
        if (withPieces)
            needed.Pieces.Add(piece);
    }
}
