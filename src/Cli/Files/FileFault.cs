namespace Coffer.Cli.Files;

/// <summary>Why a local file could not be used, in plain words. What the framework says of it names its own notions, and often the wrong ones.</summary>
internal static class FileFault
{
    private const int NoEntry = 2;
    private const int NotAFolder = 20;
    private const int FileTooLarge = 27;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int WindowsNoSpace = unchecked((int)0x80070070);

    // EDQUOT has another number on each platform.
    private static readonly int NoQuota = OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Whether an error is one of local files.</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>The reason alone, for a message that names the file before it.</summary>
    public static string Reason(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => Missing(path),
        PathTooLongException => "its path is too long for this machine",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder, or may not be used" : "permission denied",
        IOException => error.HResult switch
        {
            NoEntry or NotAFolder => Missing(path),
            FileTooLarge => "it is too large for that disk",
            NoSpace or WindowsNoSpace => "the disk is full",
            ReadOnly => "the disk can only be read",
            var other when other == NoQuota => "this user has no more room on that disk",
            _ => error.Message,
        },
        _ => error.Message,
    };

    /// <summary>The framework does not tell a folder that is missing from a file in its place.</summary>
    private static string Missing(string path)
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is { Length: > 0 } && !Path.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        return File.Exists(folder) ? $"{folder} is a file, and a folder is needed there" : "there is no such file or folder";
    }

    /// <summary>The error as a whole sentence, with the file when the framework names it.</summary>
    public static string Sentence(Exception error)
    {
        var path = (error as FileNotFoundException)?.FileName ?? Quoted(error.Message);
        if (path is null)
            return error.Message;
        var reason = Reason(error, path);
        return reason == error.Message ? reason : $"{path}: {reason}.";
    }

    /// <summary>The framework writes a path between apostrophes, of which the path may have some itself.</summary>
    private static string? Quoted(string message)
    {
        var start = message.IndexOf('\'', StringComparison.Ordinal) + 1;
        var end = message.LastIndexOf('\'');
        return start > 0 && end > start ? message[start..end] : null;
    }
}
