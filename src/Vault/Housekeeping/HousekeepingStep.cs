namespace Coffer.Vaults;

/// <summary>What a round of housekeeping is at. A round goes through the steps in this order, and may leave some out.</summary>
public enum HousekeepingStep
{
    /// <summary>The index of this device is checked, and made anew when it is damaged.</summary>
    Index,

    /// <summary>What is new on the store is brought.</summary>
    Sync,

    /// <summary>Commits are put into packs.</summary>
    Packing,

    /// <summary>Commits and packs that other packs hold are deleted.</summary>
    Deleting,

    /// <summary>Small packs become larger ones, and packs in which much has ended smaller ones.</summary>
    Merging,

    /// <summary>Bodies that nobody needs are looked for and deleted.</summary>
    Bodies,
}
