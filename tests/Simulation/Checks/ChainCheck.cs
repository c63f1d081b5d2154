using System.Buffers.Binary;
using System.Security.Cryptography;
using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>
/// Looks at the objects themselves, by docs/format.md alone and by no code of the vault's: on an honest store the ledger is one chain without a gap or a block
/// too many, and so is each writer's line of commits.
/// </summary>
internal sealed class ChainCheck(MemoryStore store, SimContext context)
{
    private const int BlockHash = 32;
    private const int CommitHeader = 122;

    public async Task RunAsync()
    {
        await CheckLedgerAsync();
        var lines = new SortedDictionary<string, List<(string Name, byte[] Bytes)>>(StringComparer.Ordinal);
        await foreach (var info in store.ListAsync("users/commits/"))
        {
            var writer = info.Key.Value.Split('/')[2];
            if (!lines.TryGetValue(writer, out var line))
                lines.Add(writer, line = []);
            line.Add((info.Key.Value, await BytesAsync(info.Key)));
        }
        await foreach (var info in store.ListAsync("users/packs/"))
        {
            foreach (var (writer, name, bytes) in PackedCommits.Read(info.Key.Value, await BytesAsync(info.Key), context))
            {
                if (!lines.TryGetValue(writer, out var line))
                    lines.Add(writer, line = []);
                if (line.Find(commit => commit.Name == name) is not { Bytes: { } loose })
                    line.Add((name, bytes));
                else if (!loose.AsSpan(0, bytes.Length).SequenceEqual(bytes))
                    context.Violation($"{name} is another commit in {info.Key}");
            }
            context.Counters.Add("packs");
        }
        foreach (var line in lines.Values)
        {
            line.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
            CheckLine(line);
        }
        context.Counters.Add("writers", lines.Count);
        context.Counters.Add("commits", lines.Values.Sum(line => line.Count));
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

    private void CheckLine(List<(string Name, byte[] Bytes)> line)
    {
        var number = 0UL;
        var clock = 0UL;
        var previous = new byte[BlockHash];
        foreach (var (name, bytes) in line)
        {
            number++;
            var (stated, time) = (BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(18)), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(26)));
            if (stated != number || time <= clock || !bytes.AsSpan(42, BlockHash).SequenceEqual(previous))
                context.Violation($"{name} breaks its writer's line: it is object {number} there, and says number {stated}, clock {time} after {clock}");
            clock = time;
            var head = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(82));
            previous = SHA256.HashData([.. bytes.AsSpan(0, CommitHeader), .. SHA256.HashData(bytes.AsSpan(CommitHeader, head))]);
        }
    }

    private async Task<byte[]> BytesAsync(StoreKey key)
    {
        await using var reader = await store.OpenReadAsync(key);
        return await Collect.BytesAsync(reader.Content);
    }
}
