namespace Coffer.Cli.Files;

/// <summary>Whether a name out of a vault can be a name in a folder of this machine, exactly as it is.</summary>
internal static class LocalName
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Why a segment of a path cannot be a name here, in words; null when it can.</summary>
    public static string? Fault(string segment, bool isWindows)
    {
        if (segment is "" or "." or ".." || segment.Contains('/', StringComparison.Ordinal) || segment.Contains('\0', StringComparison.Ordinal))
            return "it is no name of a file";
        if (!isWindows)
            return null;
        if (segment.IndexOfAny(['<', '>', ':', '"', '\\', '|', '?', '*']) >= 0 || segment.Any(char.IsControl))
            return "Windows does not take one of its characters";
        if (segment[^1] is '.' or ' ')
            return "Windows drops a dot or a space at the end of a name";
        var stem = segment.Split('.')[0].TrimEnd();
        var isPort = stem.Length == 4 && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
        return isPort || Devices.Contains(stem, StringComparer.OrdinalIgnoreCase) ? "Windows takes it for a device" : null;
    }
}
