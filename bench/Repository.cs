namespace Coffer.Bench;

/// <summary>The tree that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its topmost folder.</summary>
    /// <exception cref="InvalidOperationException">The program lies somewhere else.</exception>
    public static string Root
    {
        get
        {
            var current = new DirectoryInfo(AppContext.BaseDirectory);
            while (current is not null && !File.Exists(Path.Combine(current.FullName, "Coffer.slnx")))
                current = current.Parent;
            return current?.FullName ?? throw new InvalidOperationException("The repository was not found above the benchmark.");
        }
    }
}
