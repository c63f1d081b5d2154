using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Somebody who has some devices.</summary>
internal sealed class Person(string name, PrivateId identity, bool isOwner, bool readsPublic)
{
    public string Name => name;

    public PrivateId Identity => identity;

    public PublicId Id => identity.Public;

    /// <summary>Somebody without an identity, who reads what is public.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The one who made the vault, and is its admin all the time.</summary>
    public bool IsOwner => isOwner;

    /// <summary>Whether a clock of one of its devices was ever set: the others may write again then what seemed to come from the future.</summary>
    public bool HasSetClock { get; set; }

    /// <summary>How often it was told that it had rotated the key.</summary>
    public int Rotations { get; set; }

    /// <summary>How often it was told that it had changed the settings.</summary>
    public int Configurations { get; set; }

    /// <summary>What it may do when all is at rest.</summary>
    public AccessLevel FinalAccess { get; set; }

    public bool MayReadInTheEnd => readsPublic || FinalAccess >= AccessLevel.Read;

    public bool MayWriteInTheEnd => FinalAccess >= AccessLevel.Write;
}
