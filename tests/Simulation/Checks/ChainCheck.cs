using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>
/// Looks at the objects themselves, by docs/format.md alone and by no code of the vault's: on an honest store the ledger is one chain without a gap or a block
/// too many, and so is each writer's line of commits.
/// </summary>
/// <param name="store">The store, without a link.</param>
/// <param name="mayEnd">Whether there are records that end.</param>
/// <param name="context">Where violations go.</param>
internal sealed class ChainCheck(MemoryStore store, bool mayEnd, SimContext context)
{
    private const int BlockHash = 32;

    public async Task RunAsync()
    {
        await CheckLedgerAsync();
        var commits = new SortedDictionary<string, StoredCommit>(StringComparer.Ordinal);
        await foreach (var info in store.ListAsync("users/commits/"))
            commits.Add(info.Key.Value, StoredCommit.Of(info.Key.Value, await BytesAsync(info.Key)));
        await foreach (var info in store.ListAsync("users/packs/"))
        {
            foreach (var packed in PackedCommits.Read(info.Key.Value, await BytesAsync(info.Key), mayEnd, context))
            {
                if (!commits.TryAdd(packed.Name, packed) && !commits[packed.Name].Hash.AsSpan().SequenceEqual(packed.Hash))
                    context.Violation($"{packed.Name} is another commit in {info.Key}");
            }
            context.Counters.Add("packs");
        }
        foreach (var line in commits.Values.GroupBy(static commit => commit.Writer, StringComparer.Ordinal))
        {
            CheckLine(line);
            context.Counters.Add("writers");
        }
        context.Counters.Add("commits", commits.Count);
    }

    private async Task CheckLedgerAsync()
    {
        var number = 0UL;
        var previous = new byte[BlockHash];
        await foreach (var info in store.ListAsync("users/ledger/"))
        {
            var bytes = await BytesAsync(info.Key);
            number++;
            var (slot, height) = (BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(171)), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(179)));
            if (slot != number || height != number || !bytes.AsSpan(187, BlockHash).SequenceEqual(previous))
                context.Violation($"The ledger is not one chain: {info.Key}, the object number {number}, says slot {slot}, height {height}, and another block before it or the same");
            previous = SHA256.HashData(bytes);
        }
        context.Counters.Add("blocks", (long)number);
    }

    private void CheckLine(IEnumerable<StoredCommit> line)
    {
        var number = 0UL;
        var clock = 0UL;
        var previous = new byte[BlockHash];
        foreach (var commit in line)
        {
            number++;
            if (commit.Number != number || commit.Clock <= clock || !commit.Previous.SequenceEqual(previous))
                context.Violation($"{commit.Name} breaks its writer's line: it is object {number} there, and says number {commit.Number}, clock {commit.Clock} after {clock}");
            (clock, previous) = (commit.Clock, commit.Hash);
        }
    }

    private async Task<byte[]> BytesAsync(StoreKey key)
    {
        await using var reader = await store.OpenReadAsync(key);
        return await Collect.BytesAsync(reader.Content);
    }
}
