namespace Coffer.Vaults;

/// <summary>Somebody with access to a vault.</summary>
/// <param name="Id">Who.</param>
/// <param name="Access">What they may do.</param>
/// <param name="IsMe">Whether it is the identity that the vault is open with.</param>
public sealed record Member(PublicId Id, AccessLevel Access, bool IsMe);

/// <summary>A level to be set for a member.</summary>
/// <param name="Member">Who.</param>
/// <param name="Access">The level; <see cref="AccessLevel.None"/> removes the member.</param>
public sealed record AccessChange(PublicId Member, AccessLevel Access);
