using System.Collections.Immutable;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>The rules that a block of version 1 keeps beyond its encoding, and what holds after it (docs/format.md, section 4).</summary>
internal static class BlockRules
{
    /// <summary>What holds after the first block of a vault; null when it breaks a rule, and then <paramref name="fault"/> says which.</summary>
    public static LedgerState? Begin(Block block, Digest hash, LedgerTrust trust, out string? fault)
    {
        fault = block.Changes switch
        {
            [GenesisChange, EpochChange] or [GenesisChange, ConfigureChange, EpochChange] => null,
            _ => "is a first block and has other changes than its beginning, an epoch, and settings",
        };
        if (fault is not null)
            return null;
        var genesis = (GenesisChange)block.Changes[0];
        var after = new LedgerState
        {
            VaultId = hash,
            Realm = genesis.Realm,
            SegmentInterval = genesis.SegmentInterval,
            Creator = trust.Creator,
            GenesisContext = Context(genesis, trust.Creator),
            Slot = block.Slot,
            Height = block.Height,
            Hash = hash,
            Previous = block.Previous,
            Author = block.Author,
            Time = block.Moment,
            Members = ImmutableSortedDictionary<PublicId, Membership>.Empty.Add(trust.Creator, new Membership(AccessLevel.Admin, block.Height)),
            Epoch = 0,
            Configuration = Configure(VaultConfiguration.Default, block),
        };
        fault = EpochFault(after, block.Epoch!);
        return fault is null ? after with { Epoch = 1 } : null;
    }

    /// <summary>What holds after a block that continues the chain; null when it breaks a rule, and then <paramref name="fault"/> says which.</summary>
    public static LedgerState? Continue(LedgerState before, Block block, Digest hash, out string? fault)
    {
        var members = before.Members.ToBuilder();
        fault = block.ChangesOf<GenesisChange>().Any() ? "begins a vault, which only a first block can do" : null;
        var epoch = block.Epoch;
        foreach (var level in block.ChangesOf<LevelChange>())
        {
            fault ??= LevelFault(before, level, epoch is not null);
            members[level.Member] = new Membership(level.To, block.Height);
        }
        if (fault is null && !members.Values.Any(member => member.Level == AccessLevel.Admin))
            fault = "leaves the vault without an admin";
        if (fault is not null)
            return null;
        var after = before with
        {
            Slot = block.Slot,
            Height = block.Height,
            Hash = hash,
            Previous = block.Previous,
            Author = block.Author,
            Time = block.Moment,
            Members = members.ToImmutable(),
            Configuration = Configure(before.Configuration, block),
        };
        if (epoch is null)
            return after;
        fault = EpochFault(after, epoch);
        return fault is null ? after with { Epoch = epoch.Epoch } : null;
    }

    /// <summary>What stands for the vault id in keys of epoch 1.</summary>
    public static Digest Context(GenesisChange genesis, PublicId author) =>
        new LengthPrefixed("coffer/genesis/v1").Add(genesis.Nonce).Add(author.Bytes).Add(genesis.Realm).Hash();

    private static VaultConfiguration Configure(VaultConfiguration before, Block block) =>
        block.ChangesOf<ConfigureChange>().Aggregate(before, (configuration, change) => configuration.With(change.Settings));

    private static string? LevelFault(LedgerState before, LevelChange change, bool startsEpoch)
    {
        var current = before.MembershipOf(change.Member);
        var who = change.Member.Fingerprint;
        if (change.From == change.To)
            return $"changes the level of {who} to what it is";
        if (change.From != current.Level)
            return $"takes the level of {who} for {AccessLevels.Format(change.From)}, which is {AccessLevels.Format(current.Level)}";
        if (change.SetAt != current.SetAt)
            return $"takes the level of {who} as set at height {change.SetAt}, which was set at height {current.SetAt}";
        if (before.IsPublic && change.Wrap is not null)
            return $"wraps a key for {who} in a public vault, whose key everybody has";
        if (!before.IsPublic && change.Wrap is not null != (change.From == AccessLevel.None && !startsEpoch))
            return change.Wrap is null ? $"grants {who} access without the key" : $"gives {who} a key that it must not hold";
        if (change.CutOff is not null != LevelChange.TakesCommits(change.From, change.To))
            return change.CutOff is null ? $"takes access from {who} without a cut-off" : $"has a cut-off for {who}, from whom it takes nothing";
        return LevelChange.TakesReading(change.From, change.To) && !startsEpoch && !before.IsPublic ? $"takes read access from {who} without a new epoch" : null;
    }

    /// <param name="after">What holds after the block, but still with the epoch before it.</param>
    /// <param name="epoch">The epoch that the block starts.</param>
    private static string? EpochFault(LedgerState after, EpochChange epoch)
    {
        if (epoch.Epoch != after.Epoch + 1)
            return $"starts epoch {epoch.Epoch} after epoch {after.Epoch}";
        if (after.IsPublic)
            return PublicEpochFault(after, epoch);
        if (after.Epoch > 0 && (epoch.Links.Count == 0 || epoch.Links[^1].Epoch != after.Epoch))
            return $"starts an epoch without a link to epoch {after.Epoch}";
        return epoch.Wraps.Select(wrap => wrap.Member).SequenceEqual(after.Readers()) ? null : "has wraps for others than exactly those who can read after it";
    }

    private static string? PublicEpochFault(LedgerState after, EpochChange epoch)
    {
        if (after.Epoch > 0)
            return "starts an epoch in a public vault, which has one for ever";
        if (epoch.Wraps.Count > 0)
            return "wraps a key in a public vault, whose key everybody has";
        return epoch.Check == PublicEpochKey.Check(after.GenesisContext) ? null : "has the check value of another key than the one that everybody has";
    }
}
