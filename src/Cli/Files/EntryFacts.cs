using System.Globalization;
using System.Text;

namespace Coffer.Cli.Files;

/// <summary>
/// What the tool keeps of a file besides its content, in the attributes of its record: one line of ASCII such as
/// <c>coffer/1 type=file mode=644 modified=1700000000.1234567</c> (docs/cli.md). Attributes of other programs are left alone, and mean a plain file.
/// </summary>
internal sealed record EntryFacts(EntryKind Kind)
{
    /// <summary>The bits of a Unix mode that are kept: those of reading, writing and executing. What gives a program other rights is never kept or restored.</summary>
    public const UnixFileMode KeptMode = (UnixFileMode)0x1FF;

    private const string Start = "coffer/1 ";
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;

    /// <summary>Facts of a file of which nothing is known.</summary>
    public static EntryFacts Plain { get; } = new(EntryKind.File);

    /// <summary>The permissions; null when they are not known, as on Windows.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The modified time in full; the vault itself keeps milliseconds.</summary>
    public DateTime? ModifiedUtc { get; init; }

    /// <summary>The target of a link, exactly as it stands in the link.</summary>
    public string? Target { get; init; }

    public ReadOnlyMemory<byte> Format()
    {
        var line = new StringBuilder(Start);
        line.Append("type=").Append(Kind switch { EntryKind.Link => "link", EntryKind.Folder => "folder", _ => "file" });
        if (Mode is { } mode)
            line.Append(" mode=").Append(Convert.ToString((int)(mode & KeptMode), 8).PadLeft(3, '0'));
        if (ModifiedUtc is { } modified)
        {
            var ticks = (modified - DateTime.UnixEpoch).Ticks;
            var seconds = Math.DivRem(ticks, TicksPerSecond, out var rest) - (rest < 0 ? 1 : 0);
            line.Append(CultureInfo.InvariantCulture, $" modified={seconds}.{(rest + TicksPerSecond) % TicksPerSecond:D7}");
        }
        if (Target is { } target)
            line.Append(" target=").Append(Uri.EscapeDataString(target).Replace("%2F", "/", StringComparison.Ordinal));
        return Encoding.ASCII.GetBytes(line.ToString());
    }

    /// <summary>The facts in the attributes of a file. What is not of this form gives <see cref="Plain"/>; a field that is not known is passed over.</summary>
    public static EntryFacts Parse(ReadOnlySpan<byte> attributes)
    {
        if (!attributes.StartsWith("coffer/1 "u8) || !Ascii.IsValid(attributes))
            return Plain;
        var facts = Plain;
        foreach (var field in Encoding.ASCII.GetString(attributes[Start.Length..]).Split(' '))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                facts = facts.With(field[..equals], field[(equals + 1)..]);
        }
        return facts is { Kind: EntryKind.Link, Target: null or "" } ? Plain : facts;
    }

    private EntryFacts With(string name, string value) => name switch
    {
        "type" => this with { Kind = value switch { "link" => EntryKind.Link, "folder" => EntryKind.Folder, _ => EntryKind.File } },
        "mode" => this with { Mode = ModeOf(value) },
        "modified" => this with { ModifiedUtc = TimeOf(value) },
        "target" => this with { Target = Uri.UnescapeDataString(value) },
        _ => this,
    };

    private static UnixFileMode? ModeOf(string value) =>
        value.Length == 3 && value.All(c => c is >= '0' and <= '7') ? (UnixFileMode)Convert.ToInt32(value, 8) : null;

    private static DateTime? TimeOf(string value)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || value.Length - dot - 1 != 7
            || !long.TryParse(value.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            || !int.TryParse(value.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || seconds < (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TicksPerSecond || seconds >= (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TicksPerSecond)
            return null;
        return DateTime.UnixEpoch.AddTicks((seconds * TicksPerSecond) + ticks);
    }
}
