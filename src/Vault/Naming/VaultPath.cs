using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Naming;

/// <summary>
/// The rules for the path of a file in a vault: relative, <c>/</c>-separated, 1 to 1,024 bytes of UTF-8, no empty, <c>.</c> or <c>..</c> segment. Any Unicode but U+0000; two paths
/// are one file exactly when their bytes are equal.
/// </summary>
public static class VaultPath
{
    /// <summary>The longest path, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Why a text is no path, in words for a person; null when it is one.</summary>
    public static string? Fault(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            return "it is empty";
        if (path.Contains('\0', StringComparison.Ordinal))
            return "it has a character U+0000";
        foreach (var range in path.AsSpan().Split('/'))
        {
            switch (path.AsSpan()[range])
            {
                case "":
                    return "it has an empty segment (a leading, trailing or double '/')";
                case "." or "..":
                    return "'.' and '..' are no segments of a path";
            }
        }
        try
        {
            return StrictUtf8.Count(path) > MaxBytes ? $"it is longer than {MaxBytes} bytes of UTF-8" : null;
        }
        catch (ArgumentException)
        {
            return "it has a lone surrogate and so no UTF-8 form";
        }
    }

    /// <summary>The path itself, when it is one.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public static string Check(string path) =>
        Fault(path) is { } fault ? throw new ArgumentException($"'{path}' is no path in a vault: {fault}.", nameof(path)) : path;

    internal static string OwnAttribute(PublicId member, string name) => Check($"{member}/{name}");

    internal static bool IsOwnAttribute(string path, PublicId member) => path.StartsWith(member + "/", StringComparison.Ordinal);
}
