using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>Reads and writes the changes of a block (docs/format.md, section 4). Rules that need the chain are not its business; see <see cref="BlockRules"/>.</summary>
internal static class ChangeCodec
{
    private const int SealedKeySize = OneTimeSeal.KeySize + OneTimeSeal.Overhead;

    /// <summary>The content of a change, without its kind.</summary>
    public static byte[] Write(LedgerChange change)
    {
        var writer = new WireWriter();
        switch (change)
        {
            case GenesisChange genesis:
                writer.Hash(genesis.Nonce).Text(genesis.Realm).VarInt(genesis.SegmentInterval).U8(genesis.Mode);
                break;
            case ConfigureChange configure:
                writer.VarInt(configure.Settings.Count);
                foreach (var (setting, value) in configure.Settings)
                    writer.VarInt((long)setting).VarInt(value);
                break;
            case LevelChange level:
                WriteLevel(writer, level);
                break;
            case EpochChange epoch:
                WriteEpoch(writer, epoch);
                break;
            case SettleChange settle:
                writer.Id(settle.Author).U64(settle.Writer).VarInt(settle.Last).Hash(settle.Hash).VarInt(settle.Lost.Count);
                foreach (var (first, last) in settle.Lost)
                    writer.VarInt(first).VarInt(last);
                break;
            default:
                throw new ArgumentException($"A change of the kind {change.Kind} cannot be written.", nameof(change));
        }
        return writer.ToArray();
    }

    /// <summary>Reads the content of a change; null when the kind or a setting is not known, and then <paramref name="unknown"/> says which.</summary>
    /// <exception cref="WireException">The content is not as the format has it.</exception>
    public static LedgerChange? Read(long kind, ReadOnlySpan<byte> content, ref string? unknown)
    {
        var reader = new WireReader(content);
        LedgerChange? change;
        switch (kind)
        {
            case GenesisChange.Number:
                change = ReadGenesis(ref reader);
                break;
            case ConfigureChange.Number:
                change = ReadConfigure(ref reader, ref unknown);
                break;
            case LevelChange.Number:
                change = ReadLevel(ref reader);
                break;
            case EpochChange.Number:
                change = ReadEpoch(ref reader);
                break;
            case SettleChange.Number:
                change = ReadSettle(ref reader);
                break;
            case 0:
                throw new WireException("there is no change of the kind 0");
            default:
                unknown ??= $"a change of the kind {kind}";
                return null;
        }
        if (change is not null)
            reader.End();
        return change;
    }

    private static GenesisChange ReadGenesis(ref WireReader reader)
    {
        var nonce = reader.Hash();
        var realm = reader.Text(GenesisChange.MostRealm);
        if (!GenesisChange.IsRealm(realm))
            throw new WireException("the realm's name has other characters than a-z, 0-9 and -, or none");
        var interval = reader.VarInt();
        if (interval is < GenesisChange.LeastInterval or > GenesisChange.MostInterval)
            throw new WireException($"the segment interval is {interval} seconds, not {GenesisChange.LeastInterval} to {GenesisChange.MostInterval}");
        var mode = reader.U8();
        var genesis = new GenesisChange(nonce, realm, interval);
        // So nobody can pass off a public vault as one whose content is secret, or the other way round.
        return mode == genesis.Mode ? genesis : throw new WireException($"mode {mode} does not go with the realm '{realm}'");
    }

    private static ConfigureChange? ReadConfigure(ref WireReader reader, ref string? unknown)
    {
        var count = reader.Count(leastBytesPerItem: 2, Block.MaxChanges);
        if (count == 0)
            throw new WireException("it sets nothing");
        var settings = new List<SettingValue>(count);
        var strange = false;
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            var number = reader.VarInt();
            var value = reader.VarInt();
            if (number <= before)
                throw new WireException($"the setting {number} stands twice or in the wrong place");
            before = number;
            if (number > (long)VaultSetting.Freshness)
            {
                unknown ??= $"the setting {number}";
                strange = true;
                continue;
            }
            var setting = (VaultSetting)number;
            if (VaultConfiguration.Fault(setting, value) is { } fault)
                throw new WireException(fault);
            settings.Add(new SettingValue(setting, value));
        }
        return strange ? null : new ConfigureChange(settings);
    }

    private static void WriteLevel(WireWriter writer, LevelChange level)
    {
        writer.Id(level.Member).U8((byte)level.From).U8((byte)level.To).VarInt(level.SetAt).Flag(level.Wrap is not null);
        if (level.Wrap is { } wrap)
            writer.Raw(wrap);
        writer.Flag(level.CutOff is not null);
        if (level.CutOff is not { } cutOff)
            return;
        writer.VarInt(cutOff.Count);
        foreach (var entry in cutOff)
            writer.U64(entry.Writer).U64((ulong)entry.Number).Hash(entry.Hash);
    }

    private static LevelChange ReadLevel(ref WireReader reader)
    {
        var member = reader.Id();
        var from = reader.Level();
        var to = reader.Level();
        var setAt = reader.VarInt();
        var wrap = reader.Flag() ? reader.Raw(KeyWrap.Size).ToArray() : null;
        if (!reader.Flag())
            return new LevelChange(member, from, to, setAt, wrap, CutOff: null);
        var count = reader.Count(leastBytesPerItem: 16 + Digest.Size, int.MaxValue);
        var cutOff = new CutOffEntry[count];
        for (var i = 0; i < count; i++)
        {
            cutOff[i] = new CutOffEntry(reader.U64(), reader.CommitNumber(), reader.Hash());
            if (i > 0 && cutOff[i].Writer <= cutOff[i - 1].Writer)
                throw new WireException("a writer of a cut-off stands twice or in the wrong place");
        }
        return new LevelChange(member, from, to, setAt, wrap, cutOff);
    }

    private static void WriteEpoch(WireWriter writer, EpochChange epoch)
    {
        writer.VarInt(epoch.Epoch).Hash(epoch.Check).VarInt(epoch.Links.Count);
        foreach (var link in epoch.Links)
            writer.VarInt(link.Epoch).Raw(link.Sealed);
        writer.VarInt(epoch.Wraps.Count);
        foreach (var (member, wrap) in epoch.Wraps)
            writer.Id(member).Raw(wrap);
    }

    private static EpochChange ReadEpoch(ref WireReader reader)
    {
        var number = reader.VarInt();
        var check = reader.Hash();
        var links = new EpochLink[reader.Count(leastBytesPerItem: 1 + SealedKeySize, int.MaxValue)];
        for (var i = 0; i < links.Length; i++)
        {
            links[i] = new EpochLink(reader.VarInt(), reader.Raw(SealedKeySize).ToArray());
            if (links[i].Epoch < 1 || links[i].Epoch >= number || (i > 0 && links[i].Epoch <= links[i - 1].Epoch))
                throw new WireException($"the link to epoch {links[i].Epoch} stands twice or in the wrong place");
        }
        var wraps = new MemberWrap[reader.Count(leastBytesPerItem: PublicId.Size + KeyWrap.Size, int.MaxValue)];
        for (var i = 0; i < wraps.Length; i++)
        {
            // Not validated one by one: the rules demand that they are exactly the members, and those were.
            wraps[i] = new MemberWrap(PublicId.FromTrustedBytes(reader.Raw(PublicId.Size)), reader.Raw(KeyWrap.Size).ToArray());
            if (i > 0 && wraps[i].Member.CompareTo(wraps[i - 1].Member) <= 0)
                throw new WireException("a member stands twice or in the wrong place among the wraps");
        }
        return new EpochChange(number, check, links, wraps);
    }

    private static SettleChange ReadSettle(ref WireReader reader)
    {
        var author = reader.Id();
        var writer = reader.U64();
        var last = reader.VarInt();
        var hash = reader.Hash();
        if (last == 0 && !hash.IsZero)
            throw new WireException("a settle that lets no commit count has a hash");
        var lost = new NumberRange[reader.Count(leastBytesPerItem: 2, int.MaxValue)];
        var before = -1L; // Compared without adding to it, which could overflow.
        for (var i = 0; i < lost.Length; i++)
        {
            lost[i] = new NumberRange(reader.VarInt(), reader.VarInt());
            var (first, end) = lost[i];
            if (first < 1 || first - 1 <= before || end < first || end > last)
                throw new WireException($"the lost range {first} to {end} is empty, out of place, or above {last}");
            before = end;
        }
        return new SettleChange(author, writer, last, hash, lost);
    }
}
