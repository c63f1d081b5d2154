using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>
/// How far somebody has followed the changes of a vault: an opaque token, as text for keeping. It survives a rebuild of the index, and then gives again at most what it may have missed.
/// </summary>
public sealed class ChangePosition
{
    private readonly SortedDictionary<ulong, long> _applied;

    internal ChangePosition(string index, long change, SortedDictionary<ulong, long> applied)
    {
        Index = index;
        Change = change;
        _applied = applied;
    }

    /// <summary>The name of the index whose numbering of changes it follows.</summary>
    internal string Index { get; }

    /// <summary>The number of the last change that was seen.</summary>
    internal long Change { get; }

    /// <summary>A copy of the last number of each writer that was seen as a whole.</summary>
    internal SortedDictionary<ulong, long> Applied => new(_applied);

    /// <summary>Whether a commit had been applied when the position was taken.</summary>
    internal bool Covers(ulong writer, long number) => _applied.TryGetValue(writer, out var applied) && number <= applied;

    /// <summary>Reads a position that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no position.</exception>
    public static ChangePosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (!PaddedBase64Url.TryParse(text, out var bytes))
                throw new FormatException("This is no position in the changes of a vault.");
            var reader = new WireReader(bytes);
            var index = reader.Text(64);
            var change = reader.VarInt();
            var applied = new SortedDictionary<ulong, long>();
            for (var count = reader.Count(leastBytesPerItem: 9, max: int.MaxValue); count > 0; count--)
                applied[reader.U64()] = reader.VarInt();
            reader.End();
            return new ChangePosition(index, change, applied);
        }
        catch (WireException fault)
        {
            throw new FormatException("This is no position in the changes of a vault.", fault);
        }
    }

    /// <summary>The position as text: base64url.</summary>
    public override string ToString()
    {
        var writer = new WireWriter();
        writer.Text(Index);
        writer.VarInt(Change);
        writer.VarInt(_applied.Count);
        foreach (var (id, number) in _applied)
        {
            writer.U64(id);
            writer.VarInt(number);
        }
        return PaddedBase64Url.Format(writer.Written);
    }
}
