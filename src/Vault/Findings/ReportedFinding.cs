namespace Coffer.Vaults;

/// <summary>A finding as this device keeps it.</summary>
/// <param name="Number">Its number on this device, by which it is accepted.</param>
/// <param name="Finding">What was found.</param>
/// <param name="FirstSeen">When, by this device's clock.</param>
/// <param name="IsAccepted">Whether somebody accepted it here.</param>
public sealed record ReportedFinding(long Number, Finding Finding, DateTimeOffset FirstSeen, bool IsAccepted);
