namespace Coffer.Bench;

/// <summary>Many files of 4 KiB, a hundred to a folder.</summary>
internal static class SmallFiles
{
    private const int FileSize = 4096;
    private const int FilesPerFolder = 100;

    public static Task RunAsync(BenchOptions options) => SideBySide.RunAsync($"{options.Count} files of 4 KiB", options, folder => MakeAsync(folder, options.Count));

    /// <summary>Makes the files in a folder of the temporary one, and gives its path.</summary>
    public static async Task<string> MakeAsync(TemporaryFolder folder, int count)
    {
        for (var file = 0; file < count; file++)
        {
            var name = Path.Combine("input", $"folder-{file / FilesPerFolder}");
            Directory.CreateDirectory(folder.At(name));
            await folder.WriteRandomFileAsync(Path.Combine(name, $"file-{file}"), FileSize);
        }
        return folder.At("input");
    }
}
