using System.Security.Cryptography;

namespace Coffer.Bench;

/// <summary>A folder for one benchmark; it is deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private int _aside;

    private TemporaryFolder(string path) => Root = path;

    public string Root { get; }

    public static TemporaryFolder Create(BenchOptions options)
    {
        var name = "coffer-bench-" + Guid.NewGuid().ToString("N")[..8];
        return new(Directory.CreateDirectory(Path.Combine(Path.GetFullPath(options.Folder), name)).FullName);
    }

    /// <summary>The path of something in the folder.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file of random bytes, which nobody can compress.</summary>
    public async Task<string> WriteRandomFileAsync(string name, long length)
    {
        var path = At(name);
        await using var file = File.Create(path);
        var block = new byte[Math.Min(length, 1 << 20)];
        for (var left = length; left > 0; left -= block.Length)
        {
            RandomNumberGenerator.Fill(block);
            await file.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
        }
        return path;
    }

    public void Delete(string name)
    {
        if (Directory.Exists(At(name)))
            Directory.Delete(At(name), recursive: true);
        File.Delete(At(name));
    }

    /// <summary>
    /// Takes something out of the way, and deletes it only at the end: for seconds after many files were deleted, ext4 is slow to make new ones, so a deletion in between would be paid by whoever is measured next.
    /// </summary>
    public void SetAside(string name)
    {
        if (Directory.Exists(At(name)))
            Directory.Move(At(name), At($"aside-{_aside++}"));
        else
            File.Delete(At(name));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
