using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>
/// docs/format.md, section 9, word by word and as slow as can be: no tables, every chain is walked anew. After the executable model of the design.
/// </summary>
internal sealed class VerdictOracle(LedgerChain ledger, PublicId author, ulong writer, IReadOnlyList<LineCommit> known, long now)
{
    private Settle? Settled => ledger.SettlesOf(author, writer) is { Count: > 0 } settles ? settles[^1] : null;

    public Verdict Judge(LineCommit c)
    {
        if (EpochStart(c.Epoch + 1) is { } ended && c.Height >= ended)
            return Verdict.Refused(VerdictReason.EpochEnded);
        if (c.Height <= ledger.Height)
        {
            if (c.Height < 1 || ledger.StateAt(c.Height).Hash != c.LedgerHash)
                return Verdict.Refused(VerdictReason.LedgerHash);
            var level = ledger.StateAt(c.Height).LevelOf(author);
            if (level == AccessLevel.None || (level == AccessLevel.Read && !c.AttributesOnly))
                return Verdict.Refused(VerdictReason.Level);
            if (ledger.StateAt(c.Height).Epoch != c.Epoch)
                return Verdict.Refused(VerdictReason.Epoch);
        }
        if (IsLost(c.Number))
            return Verdict.Refused(VerdictReason.Lost);
        var (isNamed, isOpen) = (false, false);
        foreach (var cutOff in ledger.CutOffsOf(author))
        {
            if (c.Height >= cutOff.Height && Began() >= cutOff.Height)
                continue;
            var listed = cutOff.Entries.Where(entry => entry.Writer == writer).Select(entry => (entry.Number, entry.Hash)).ToList();
            if (Settled is { } newer && newer.Height > cutOff.Height)
                listed = [(newer.Number, newer.Hash)];
            if (listed is not [var (number, hash)] || c.Number > number)
                return Verdict.Refused(VerdictReason.CutOff);
            if (IsOn(c, number, hash) is var place && place == false)
                return Verdict.Refused(VerdictReason.OffChain);
            isNamed |= place == true;
            isOpen |= place is null && !IsLostBetween(c.Number, number, hash);
        }
        if (Settled is { } settle)
        {
            if (c.Number <= settle.Number)
            {
                var place = IsOn(c, settle.Number, settle.Hash);
                if (place == false)
                    return Verdict.Refused(VerdictReason.OffChain);
                isNamed |= place == true;
                isOpen |= place is null && !IsLostBetween(c.Number, settle.Number, settle.Hash);
            }
            else if (ChainOf(c).Prepend(c).FirstOrDefault(one => one.Number == settle.Number + 1) is { } above && above.Previous != settle.Hash)
            {
                return Verdict.Refused(VerdictReason.OffChain);
            }
        }
        if (!isNamed && !isOpen && Forks().Any(fork => fork <= c.Number && (c.Number <= (Settled?.Number ?? 0) || fork > (Settled?.Number ?? 0))))
            return Verdict.Refused(VerdictReason.Forked);
        if (ChainOf(c).Any(before => before.Clock.CompareTo(c.Clock) >= 0 || before.Height > c.Height))
            return Verdict.Refused(VerdictReason.ChainRule);
        if (c.Height > ledger.Height)
            return Verdict.Waiting(VerdictReason.Block);
        if (isOpen)
            return Verdict.Waiting(VerdictReason.CutOffChain);
        if (ChainOf(c).Prepend(c).Last() is var lowest && lowest.Number > 1 && !IsLost(lowest.Number - 1))
            return Verdict.Waiting(VerdictReason.Gap);
        return c.Clock.Milliseconds > now + 300_000 ? Verdict.Waiting(VerdictReason.Clock) : Verdict.Accepted;
    }

    private long? EpochStart(long epoch)
    {
        for (var height = 1L; height <= ledger.Height; height++)
        {
            if (ledger.StateAt(height).Epoch == epoch)
                return height;
        }
        return null;
    }

    private bool IsLost(long number) => Settled is { } settle && settle.Lost.Any(range => range.First <= number && number <= range.Last);

    private long Began()
    {
        var left = known.Where(commit => !IsLost(commit.Number)).ToList();
        return left.Where(commit => commit.Number == left.Min(one => one.Number)).Min(commit => commit.Height);
    }

    private LineCommit? Find(long number, Digest hash) => known.FirstOrDefault(commit => commit.Number == number && commit.Hash == hash);

    private IEnumerable<LineCommit> ChainOf(LineCommit c)
    {
        for (var at = c; at.Number > 1 && !IsLost(at.Number - 1) && Find(at.Number - 1, at.Previous) is { } before; at = before)
            yield return before;
    }

    /// <summary>Whether a commit is on the chain that ends in a hash; null when that cannot be told.</summary>
    private bool? IsOn(LineCommit c, long number, Digest hash)
    {
        for (; number > c.Number; number--)
        {
            if (IsLost(number) || Find(number, hash) is not { } at)
                return null;
            hash = at.Previous;
        }
        return hash == c.Hash;
    }

    private bool IsLostBetween(long low, long number, Digest hash)
    {
        for (; number > low; number--)
        {
            if (IsLost(number))
                return true;
            if (Find(number, hash) is not { } at)
                return false;
            hash = at.Previous;
        }
        return false;
    }

    private IEnumerable<long> Forks() =>
        known.GroupBy(commit => commit.Number).Where(group => group.Count() > 1 && !IsLost(group.Key)).Select(group => group.Key);
}
