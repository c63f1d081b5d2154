namespace Coffer.Vaults.Index;

/// <summary>A place between the files of an index: behind this path, and there behind this seal.</summary>
internal readonly record struct FileBound(string Path, byte[] Seal)
{
    // No path has this character.
    private const char Separator = '\0';

    /// <summary>Behind one file.</summary>
    public static FileBound Behind(FileRow row) => new(row.Path, SealColumn.Of(row.Seal));

    /// <summary>Behind all files of a path, of which there may be none.</summary>
    public static FileBound BehindPath(string path) => new(path, SealColumn.BehindAll);

    /// <summary>The position of a sealed file in a listing, as text.</summary>
    public static string PositionOf(string path, FileSeal seal) => string.Join(Separator, path, seal.Sender, seal.Recipient);

    /// <summary>Behind a position in a listing: a path, or what <see cref="PositionOf"/> gave.</summary>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public static FileBound Parse(string position)
    {
        switch (position.Split(Separator))
        {
            case [var path]:
                return new(path, SealColumn.Of(null));
            case [var path, var sender, var recipient] when PublicId.TryParse(sender, out var from) && PublicId.TryParse(recipient, out var to):
                return new(path, SealColumn.Of(new FileSeal(from, to)));
            default:
                throw new ArgumentException("A listing goes on behind a path, or behind the position of one of its entries; this is neither.", nameof(position));
        }
    }
}
