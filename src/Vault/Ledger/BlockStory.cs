namespace Coffer.Vaults.Ledger;

/// <summary>Tells the chain block by block, in words.</summary>
internal static class BlockStory
{
    public static IReadOnlyList<LedgerEntry> Tell(LedgerChain chain, IReadOnlyList<StoredBlock> stored) =>
        [.. stored.Where(block => chain.HeightOf(block.Hash) == block.Height).Select(block => Tell(block, BlockCodec.Parse(block.Bytes, out _), chain.Tip.IsPublic))];

    private static LedgerEntry Tell(StoredBlock stored, Block block, bool isPublic) => new(
        block.Height, stored.Slot, stored.Hash.ToString(), block.Moment, block.Author,
        [.. block.Changes.SelectMany(change => Tell(change, isPublic))]);

    private static IEnumerable<string> Tell(LedgerChange change, bool isPublic) => change switch
    {
        GenesisChange genesis when isPublic => [$"created a public vault, which anybody can read, dated by segments of {Span(genesis.SegmentInterval)}"],
        EpochChange epoch when isPublic => [$"started key epoch {epoch.Epoch}, whose key everybody has"],
        GenesisChange genesis => [$"created the vault in the realm '{genesis.Realm}', dated by segments of {Span(genesis.SegmentInterval)}"],
        ConfigureChange configure => configure.Settings.Select(Tell),
        LevelChange level => [Tell(level)],
        EpochChange epoch => [$"started key epoch {epoch.Epoch}, sealed to {Count(epoch.Wraps.Count, "member")}"],
        SettleChange settle => [Tell(settle)],
        _ => [$"made a change of kind {change.Kind}"],
    };

    private static string Tell(SettingValue setting) => setting.Setting switch
    {
        VaultSetting.ContentLife => setting.Value == 0 ? "set new files to live for ever" : $"set new files to live for {Span(setting.Value)}",
        VaultSetting.Quota => setting.Value == 0 ? "took the quota away" : $"set the quota to {setting.Value} bytes",
        VaultSetting.PackingMargin => $"set the packing margin to {Span(setting.Value)}",
        _ => $"set {setting.Setting} to {setting.Value}",
    };

    private static string Tell(LevelChange level)
    {
        var who = level.Member.Fingerprint;
        var change = $"from {AccessLevels.Format(level.From)} to {AccessLevels.Format(level.To)}";
        if (level.From == AccessLevel.None)
            return $"granted {AccessLevels.Format(level.To)} to {who}";
        var cut = level.CutOff is { } entries ? $", keeping {Count(entries.Sum(entry => entry.Number), "commit")} of {Count(entries.Count, "writer")}" : "";
        return level.To == AccessLevel.None ? $"removed {who}, who had {AccessLevels.Format(level.From)}{cut}" : $"changed {who} {change}{cut}";
    }

    private static string Tell(SettleChange settle)
    {
        var lost = settle.Lost.Count == 0 ? "" : $", and declared {settle.Lost.Sum(range => range.Last - range.First + 1)} of them lost";
        return $"settled that a writer of {settle.Author.Fingerprint} counts up to number {settle.Last}{lost}";
    }

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>A time in the largest unit that leaves nothing over.</summary>
    private static string Span(long seconds)
    {
        foreach (var (unit, name) in (ReadOnlySpan<(long, string)>)[(86_400, "day"), (3_600, "hour"), (60, "minute")])
        {
            if (seconds % unit == 0)
                return Count(seconds / unit, name);
        }
        return Count(seconds, "second");
    }
}
