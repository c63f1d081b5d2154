using System.Globalization;

namespace Coffer.Vaults.Transfers;

/// <summary>Where a content comes from, when it can be had again from there: so that an upload that was cut off is known for the same one.</summary>
/// <param name="Name">What it is, the same each time.</param>
/// <param name="Facts">What shows that it changed: other facts, another content. The same facts prove nothing yet.</param>
internal sealed record ContentSource(string Name, string Facts)
{
    /// <summary>A local file as it is now: its size, and its times.</summary>
    /// <exception cref="IOException">It cannot be found.</exception>
    public static ContentSource OfFile(string path)
    {
        var file = new FileInfo(path);
        return new("file " + file.FullName, string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks} {file.CreationTimeUtc.Ticks}"));
    }

    /// <summary>What was accepted before and spooled: it never changes.</summary>
    public static ContentSource OfQueued(UInt128 record) => new("queued " + record.ToString("x32", CultureInfo.InvariantCulture), "");
}
