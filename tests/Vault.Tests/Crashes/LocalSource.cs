using System.Globalization;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>A large local file that is put again and again: a put that a kill has cut off is gone on with by the next run, as long as the file is the same.</summary>
/// <param name="Path">The file.</param>
/// <param name="Seed">What its bytes follow from.</param>
internal sealed record LocalSource(string Path, ulong Seed)
{
    /// <summary>Two pieces, and a part of a third.</summary>
    public const int Length = (32 << 20) + 300_001;

    /// <summary>After so many runs another file takes its place.</summary>
    private const int Runs = 5;

    /// <summary>The file of a run, made by the first that needs it.</summary>
    public static LocalSource Of(string folder, int run)
    {
        var number = 1 + (run / Runs);
        var source = new LocalSource(System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"source-{number}")), (1UL << 40) + (ulong)number);
        if (!File.Exists(source.Path))
        {
            foreach (var older in Directory.EnumerateFiles(folder, "source-*"))
                File.Delete(older);
            var unfinished = System.IO.Path.Combine(folder, "unfinished");
            File.WriteAllBytes(unfinished, new Operation(0, "", [Length]) { Seed = source.Seed }.Content(0));
            File.Move(unfinished, source.Path);
        }
        return source;
    }
}
