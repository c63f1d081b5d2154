using System.Collections.Immutable;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>All that holds after one block of the chain. Never changes.</summary>
internal sealed record LedgerState
{
    /// <summary>The vault id: the hash of the first block.</summary>
    public required Digest VaultId { get; init; }

    /// <summary>The realm of the vault.</summary>
    public required string Realm { get; init; }

    /// <summary>Whether everybody can read the vault: its one key can be derived by all.</summary>
    public bool IsPublic => GenesisChange.IsPublic(Realm);

    /// <summary>The segment interval in seconds.</summary>
    public required long SegmentInterval { get; init; }

    /// <summary>Who made the vault.</summary>
    public required PublicId Creator { get; init; }

    /// <summary>What stands for the vault id in keys of epoch 1, because the first block cannot hold its own hash.</summary>
    public required Digest GenesisContext { get; init; }

    /// <summary>The slot of the block.</summary>
    public required long Slot { get; init; }

    /// <summary>The height of the block.</summary>
    public required long Height { get; init; }

    /// <summary>The hash of the block.</summary>
    public required Digest Hash { get; init; }

    /// <summary>The hash of the block before it; zero for the first.</summary>
    public required Digest Previous { get; init; }

    /// <summary>Who made the block.</summary>
    public required PublicId Author { get; init; }

    /// <summary>When the block was made, by its author's clock: a sign of life of an admin, and nothing else rests on it.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Everybody who ever had access, ascending by id; who has none any more is there with <see cref="AccessLevel.None"/>.</summary>
    public required ImmutableSortedDictionary<PublicId, Membership> Members { get; init; }

    /// <summary>The key epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The settings.</summary>
    public required VaultConfiguration Configuration { get; init; }

    /// <summary>The access of somebody, and since which height; none since 0 for who was never a member.</summary>
    public Membership MembershipOf(PublicId id) => Members.GetValueOrDefault(id);

    /// <summary>The level of somebody.</summary>
    public AccessLevel LevelOf(PublicId id) => MembershipOf(id).Level;

    /// <summary>Whether somebody can read what is written now: a member with read access, or in a public vault anybody.</summary>
    public bool CanRead(PublicId id) => IsPublic || LevelOf(id) >= AccessLevel.Read;

    /// <summary>Those who can read, ascending by id.</summary>
    public IEnumerable<PublicId> Readers() => Members.Where(member => member.Value.Level >= AccessLevel.Read).Select(member => member.Key);
}
