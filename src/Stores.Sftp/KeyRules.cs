using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>Which keys the server's file system can keep exactly. What it would alter or confuse is refused, never changed.</summary>
/// <param name="FoldsCase">Whether two names that differ only in case, or only in Unicode form, are one file there.</param>
internal readonly record struct KeyRules(bool FoldsCase)
{
    /// <summary>The folder for temporary files, inside the root. No key begins with it.</summary>
    public const string HiddenFolder = ".coffer-tmp";

    /// <summary>NAME_MAX of the systems that servers run on.</summary>
    private const int MaxSegmentBytes = 255;

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
            if (FoldsCase && Folds(segment))
                return "the server's file system takes names that differ only in case for one file, so keys are lower-case ASCII there";
        }
        return null;
    }

    /// <summary>Throws when the key cannot be kept.</summary>
    public void Check(StoreKey key, StoreOperation operation, string storeName)
    {
        if (Fault(key) is { } fault)
            throw SftpErrors.InvalidKey(key, operation, storeName, fault);
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
