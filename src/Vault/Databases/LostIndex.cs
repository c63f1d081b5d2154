namespace Coffer.Vaults.Databases;

/// <summary>An index that was damaged.</summary>
/// <param name="File">Its path.</param>
/// <param name="What">What SQLite said of it.</param>
internal sealed record LostIndex(string File, string What)
{
    /// <summary>For a person.</summary>
    public string Message => $"The index '{File}' was damaged ({What.TrimEnd('.')}). An empty one has taken its place, and is filled from the store. Nothing is lost by it; look after the disk.";
}
