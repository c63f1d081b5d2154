namespace Coffer.Vaults;

/// <summary>Where findings go: kept once each, and shown to people.</summary>
internal interface IFindingSink
{
    /// <summary>Keeps a finding. One that is kept already (<see cref="Finding.IsSame"/>) changes nothing.</summary>
    void Report(Finding finding);

    /// <summary>Whether the owner of this index has looked at this finding and said to go on.</summary>
    bool IsAccepted(Finding finding);
}
