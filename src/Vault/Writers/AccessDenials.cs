namespace Coffer.Vaults.Writers;

/// <summary>What a member is told that may not do something.</summary>
internal static class AccessDenials
{
    public static AccessDeniedException Writing(AccessLevel level) => new(level == AccessLevel.None
        ? "This identity is no member of the vault, or its access was taken, so it cannot write. An admin can grant it."
        : "This identity may read the vault and not write. An admin can grant write access.", AccessLevel.Write);

    public static AccessDeniedException Anonymous() =>
        new("This vault is open without an identity, so it can be read and nothing else. To change it, open it with an identity that its admin has granted access to.");

    public static AccessDeniedException ChangingWhatIsSealedBy(PublicId sender) => new(
        $"What {sender.Fingerprint} sealed, only {sender.Fingerprint} can write, change or delete: the versions of a sealed file are its sender's alone, and the recipient only reads them. Ask {sender.Fingerprint}, or write a file of your own.");
}
