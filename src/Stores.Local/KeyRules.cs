using System.Buffers;
using System.Text;

namespace Coffer.Stores.Local;

/// <summary>Which keys a file system can keep exactly. What it would alter or confuse is refused, never changed.</summary>
/// <param name="Windows">Whether the rules of Windows for names hold.</param>
/// <param name="FoldsCase">Whether two names that differ only in case, or only in Unicode form, are one file.</param>
internal readonly record struct KeyRules(bool Windows, bool FoldsCase)
{
    /// <summary>The folder for temporary and lock files, inside the root. No key begins with it.</summary>
    public const string HiddenFolder = ".coffer-tmp";

    /// <summary>NAME_MAX of Linux, macOS and NTFS (there in UTF-16 units, of which there are never more than bytes).</summary>
    private const int MaxSegmentBytes = 255;

    private static readonly SearchValues<char> RefusedByWindows = SearchValues.Create("<>:\"|?*");
    private static readonly string[] ReservedNames = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Why the key cannot be kept, in words for a person; null when it can.</summary>
    public string? Fault(StoreKey key)
    {
        if (key.IsDefault)
            return "it is empty";
        var text = key.Value.AsSpan();
        foreach (var range in text.Split('/'))
        {
            var segment = text[range];
            if (range.Start.Value == 0 && segment.Equals(HiddenFolder, StringComparison.OrdinalIgnoreCase))
                return $"'{HiddenFolder}' is where this store keeps its temporary files";
            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
                return $"a segment is longer than the {MaxSegmentBytes} bytes that a file name can have";
            if (Windows && WindowsFault(segment) is { } fault)
                return fault;
            if (FoldsCase && Folds(segment))
                return "the file system takes names that differ only in case for one file, so keys are lower-case ASCII there";
        }
        return null;
    }

    /// <summary>Throws when the key cannot be kept.</summary>
    public void Check(StoreKey key, StoreOperation operation, string storeName)
    {
        if (Fault(key) is { } fault)
            throw LocalErrors.InvalidKey(key, operation, storeName, fault);
    }

    /// <summary>See "Naming Files, Paths, and Namespaces" in the Windows documentation.</summary>
    private static string? WindowsFault(ReadOnlySpan<char> segment)
    {
        if (segment.ContainsAny(RefusedByWindows))
            return "Windows allows none of < > : \" | ? * in a file name";
        if (segment[^1] is '.' or ' ')
            return "Windows drops a dot or a space at the end of a file name";
        var dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        foreach (var name in ReservedNames)
        {
            if (stem.Equals(name, StringComparison.OrdinalIgnoreCase))
                return $"'{name}' is a device on Windows";
        }
        return stem.Length == 4 && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
            && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³')
            ? $"'{stem}' is a device on Windows"
            : null;
    }

    private static bool Folds(ReadOnlySpan<char> segment)
    {
        foreach (var c in segment)
        {
            if (char.IsAsciiLetterUpper(c) || !char.IsAscii(c))
                return true;
        }
        return false;
    }
}
