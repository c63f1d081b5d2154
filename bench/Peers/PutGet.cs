namespace Coffer.Bench;

/// <summary>One large file.</summary>
internal static class PutGet
{
    public static Task RunAsync(BenchOptions options) => SideBySide.RunAsync(
        $"one file of {options.Size} MiB", options, folder => folder.WriteRandomFileAsync("input", (long)options.Size << 20));
}
