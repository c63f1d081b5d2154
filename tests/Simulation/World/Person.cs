using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Somebody who has one or two devices.</summary>
internal sealed class Person(string name, PrivateId identity, bool isOwner)
{
    public string Name => name;

    public PrivateId Identity => identity;

    public PublicId Id => identity.Public;

    /// <summary>The one who made the vault, and is its admin all the time.</summary>
    public bool IsOwner => isOwner;
}
