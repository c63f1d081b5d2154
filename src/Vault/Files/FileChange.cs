namespace Coffer.Vaults;

/// <summary>A change that this device applied.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Version">The version or delete that it happened to.</param>
/// <param name="IsNewest">Whether that is the newest of its path now; a late one may not be.</param>
/// <param name="Position">Where to go on after it.</param>
public sealed record FileChange(ChangeKind Kind, FileVersion Version, bool IsNewest, ChangePosition Position);
