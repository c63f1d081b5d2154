namespace Coffer.Vaults.Tests;

/// <summary>A folder for the length of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private int _files;

    public string FullName { get; } = Directory.CreateTempSubdirectory("coffer-identities-").FullName;

    public string Name(string file) => Path.Combine(FullName, file);

    /// <summary>Writes a new file and gives its name.</summary>
    public string Write(string text)
    {
        var path = Name($"{_files++}.id");
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
