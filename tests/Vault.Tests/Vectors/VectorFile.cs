using System.Text.Json;
using Xunit;

namespace Coffer.Vaults.Tests;

/// <summary>A file of test vectors (Vectors/README.md).</summary>
internal sealed class VectorFile
{
    private VectorFile(JsonElement root)
    {
        Good = Section(root, "good");
        Bad = Section(root, "bad");
        Root = root;
    }

    public IReadOnlyList<Vector> Good { get; }

    public IReadOnlyList<Vector> Bad { get; }

    public JsonElement Root { get; }

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Vectors");

    /// <summary>Reads a file and asserts that it has vectors.</summary>
    public static VectorFile Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        var file = new VectorFile(document.RootElement.Clone());
        Assert.NotEmpty(file.Good);
        return file;
    }

    /// <summary>The entries of a list; none when there is no such list.</summary>
    public static IReadOnlyList<Vector> Section(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(entry => new Vector(entry))] : [];
}
