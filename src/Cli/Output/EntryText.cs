using System.Globalization;
using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Vaults;

namespace Coffer.Cli.Output;

/// <summary>A file, link or folder of a vault as text for a person, and as a view for JSON.</summary>
internal static class EntryText
{
    /// <summary>The name, made visible; a folder's ends in <c>/</c>.</summary>
    public static string Name(ListedEntry entry) => VisibleText.OfName(entry.Name) + (entry.Kind == EntryKind.Folder ? "/" : "");

    /// <summary>To whom a file is sealed by its author. It is a column that every file has, before the name, so that no name can look like it.</summary>
    public static string Seal(ListedEntry entry, People people) => entry.Version?.Seal is { } seal ? "to:" + people.Short(seal.Recipient) : "-";

    /// <summary>The same behind a name on a terminal, in a style that no name can have, as what commands a terminal is escaped in names; nothing when it is not sealed.</summary>
    public static string StyledSeal(ListedEntry entry, People people) =>
        entry.Version?.Seal is { } seal ? $"\u001b[2m  sealed by {people.Short(seal.Sender)} to {people.Short(seal.Recipient)}\u001b[22m" : "";

    public static string Target(ListedEntry entry) => entry.Facts.Target is { } target ? " -> " + VisibleText.OfName(target) : "";

    /// <summary>The kind and the permissions as <c>ls</c> shows them: <c>-rwxr-xr-x</c>; the kind alone where no permissions are kept.</summary>
    public static string Mode(ListedEntry entry)
    {
        var kind = entry.Kind switch { EntryKind.Folder => "d", EntryKind.Link => "l", _ => "-" };
        if (entry.Facts.Mode is not { } mode)
            return entry.Kind == EntryKind.Link ? "lrwxrwxrwx" : kind;
        return string.Create(10, (kind, mode), static (text, state) =>
        {
            text[0] = state.kind[0];
            for (var bit = 0; bit < 9; bit++)
                text[bit + 1] = ((int)state.mode & (0x100 >> bit)) != 0 ? "rwx"[bit % 3] : '-';
        });
    }

    public static string Size(ListedEntry entry) =>
        entry.Kind == EntryKind.File ? entry.Version!.Size.ToString(CultureInfo.InvariantCulture) : "-";

    public static string Modified(ListedEntry entry) => entry.Version is { } version ? Time(version.Modified) : "-";

    public static string Author(ListedEntry entry, People people) => entry.Version is { } version ? people.Short(version.Author) : "-";

    /// <summary>A time for a person, by this machine's clock.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Type(EntryKind kind) => kind switch { EntryKind.Folder => "folder", EntryKind.Link => "link", _ => "file" };

    public static EntryView View(ListedEntry entry)
    {
        var version = entry.Version;
        var mode = entry.Facts.Mode is { } bits ? Convert.ToString((int)bits, 8).PadLeft(3, '0') : null;
        return new EntryView(
            entry.Path, Type(entry.Kind), entry.Kind == EntryKind.File ? version!.Size : null, version?.Modified, version?.Written, version?.Author.ToString(),
            version?.Seal?.Recipient.ToString(), version?.Id, mode, entry.Facts.Target, version?.Expires);
    }
}
