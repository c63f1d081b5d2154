using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Writers;

/// <summary>Builds a commit from what is asked for, at the moment when it is to be sent.</summary>
internal sealed class CommitBuilder(VaultDevice device)
{
    /// <summary>About the largest head of a commit that is made of several requests.</summary>
    public const long MaxSharedHead = 2 << 20;

    /// <summary>Builds the next commit of a writer. Within a transaction of the caller.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="requests">What it shall hold.</param>
    /// <exception cref="VaultException">The requests do not fit into one commit, or the key of the epoch is not known.</exception>
    public CommitSeal.Sealed Build(ulong writer, IReadOnlyList<CommitRequest> requests)
    {
        var tail = new List<byte>();
        var records = new List<Record>();
        var uses = new SortedSet<ObjectUse>(Comparer<ObjectUse>.Create((left, right) => ObjectTable.Compare(left.Name, right.Name)));
        foreach (var plan in requests.SelectMany(request => request.Plans))
        {
            records.Add(ToRecord(plan, tail));
            if (plan is PutPlan put)
                uses.UnionWith(put.Objects);
        }
        var (number, previous, clock) = device.EndOfOwn(writer);
        var tip = device.Ledger.Tip;
        var salt = new byte[32];
        device.Environment.Random.Fill(salt);
        var header = new CommitHeader
        {
            Writer = writer,
            Number = number + 1,
            Clock = HybridTime.Next(device.Time.GetUtcNow(), Later(clock, device.UsableLatestClock)),
            Epoch = tip.Epoch,
            Previous = previous,
            Ends = CommitSeal.EndOf(records),
            HeadLength = 0,
            TailLength = 0,
            Salt = salt,
        };
        var head = new CommitHead
        {
            Author = device.Me,
            LedgerHeight = tip.Height,
            LedgerHash = tip.Hash,
            Seen = device.Vouches.Unreported(CommitHead.MaxSeen),
            Objects = [.. uses],
            Records = records,
        };
        Span<byte> key = stackalloc byte[32];
        if (!device.Keys.TryGet(tip.Epoch, key))
            throw new AccessDeniedException($"This identity has no key for epoch {tip.Epoch} of the vault, so it cannot write.");
        try
        {
            return CommitSeal.Seal(header, head, CollectionsMarshal.AsSpan(tail), device.Identity, tip.VaultId, key);
        }
        catch (WireException fault)
        {
            throw new VaultException($"This batch is too large: {fault.Message}. Write it in several.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static HybridTime Later(HybridTime left, HybridTime right) => left.CompareTo(right) >= 0 ? left : right;

    private VersionRecord ToRecord(RecordPlan plan, List<byte> tail)
    {
        var seal = plan.Recipient is { } recipient ? new FileSeal(device.Me, recipient) : null;
        var file = plan.ToRecord(InTail(plan, tail), EndOf(plan, seal));
        return seal is null ? file : SealedRecord.Of(file, seal.Recipient, plan.Sealed!.Secret);
    }

    /// <summary>When a record ends: not before any earlier one of its file does. What never ends by itself needs no look at those.</summary>
    private long EndOf(RecordPlan plan, FileSeal? seal)
    {
        if (plan is PutPlan { ContentEnd: 0 } || plan.Space == Spaces.Members)
            return 0;
        var earlier = device.Records.LatestRecordEnd(plan.Space, plan.Path, seal);
        return plan is not PutPlan put ? earlier ?? 0 : earlier == 0 ? 0 : Math.Max(put.ContentEnd, earlier ?? 0);
    }

    private BodyDescriptor? InTail(RecordPlan plan, List<byte> tail)
    {
        if (plan is not PutPlan { Small: { Length: > 0 } content })
            return null;
        var body = plan.Sealed?.Small ?? new SmallBody(content.Span, device.Environment.Random);
        var offset = tail.Count;
        tail.AddRange(body.Bytes);
        return body.In(null, offset);
    }
}
