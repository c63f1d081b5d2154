namespace Coffer.Vaults;

/// <summary>Access levels as people write them: <c>r</c>, <c>rw</c>, <c>rwa</c>.</summary>
public static class AccessLevels
{
    /// <summary>The level that a text names.</summary>
    /// <exception cref="FormatException">The text is none of <c>r</c>, <c>rw</c> and <c>rwa</c>.</exception>
    public static AccessLevel Parse(string text) =>
        TryParse(text, out var level) ? level : throw new FormatException($"'{text}' is no access level. Write r (read), rw (read and write) or rwa (admin).");

    /// <summary>The level that a text names, or false when it is none of <c>r</c>, <c>rw</c> and <c>rwa</c>.</summary>
    public static bool TryParse(string? text, out AccessLevel level)
    {
        level = text switch
        {
            "r" => AccessLevel.Read,
            "rw" => AccessLevel.Write,
            "rwa" => AccessLevel.Admin,
            _ => AccessLevel.None,
        };
        return level != AccessLevel.None;
    }

    /// <summary>The level as a text; <see cref="AccessLevel.None"/> is <c>none</c>, which no grant takes.</summary>
    public static string Format(AccessLevel level) => level switch
    {
        AccessLevel.None => "none",
        AccessLevel.Read => "r",
        AccessLevel.Write => "rw",
        AccessLevel.Admin => "rwa",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "This is no access level."),
    };
}
