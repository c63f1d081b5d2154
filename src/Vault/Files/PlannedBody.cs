using Coffer.Vaults.Index;

namespace Coffer.Vaults.Files;

/// <summary>A file that is to be read, and where its body is in an object.</summary>
/// <param name="Version">The file.</param>
/// <param name="Body">Its body.</param>
/// <param name="Offset">Where the body begins in the object, in bytes.</param>
/// <param name="Length">How many bytes it takes there.</param>
internal sealed record PlannedBody(FileVersion Version, LocatedBody Body, long Offset, int Length)
{
    /// <summary>Where it ends in the object.</summary>
    public long End => Offset + Length;
}
