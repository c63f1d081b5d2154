using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// Looks at the blocks on the store by docs/format.md alone: on an honest store the ledger is one chain without a gap or a block too many, each change of access states what it replaces, and what an admin was
/// told is done stands there.
/// </summary>
internal sealed class LedgerCheck(MemoryStore store, SimWorld world)
{
    private readonly SimContext _context = world.Context;

    public async Task RunAsync()
    {
        var blocks = new List<StoredBlock>();
        await foreach (var info in store.ListAsync($"{world.Realm}/ledger/"))
            blocks.Add(StoredBlock.Of(await Collect.BytesAsync(store, info.Key)));
        _context.Counters.Add("blocks", blocks.Count);
        CheckChain(blocks);
        CheckLevels(blocks);
        CheckAcknowledged(blocks);
    }

    private void CheckChain(List<StoredBlock> blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            var (block, number) = (blocks[i], (ulong)i + 1);
            var previous = i == 0 ? new byte[block.Previous.Length] : blocks[i - 1].Hash;
            if (block.Slot != number || block.Height != number || !block.Previous.AsSpan().SequenceEqual(previous))
                _context.Violation($"The ledger is not one chain: its object number {number} says slot {block.Slot}, height {block.Height}, and another block before it or the same");
        }
    }

    private void CheckLevels(List<StoredBlock> blocks)
    {
        var members = new Dictionary<string, (byte Level, ulong SetAt)>();
        foreach (var block in blocks)
        {
            if (block.IsGenesis)
                members[block.Author] = ((byte)AccessLevel.Admin, 1);
            foreach (var change in block.Levels)
            {
                var (level, setAt) = members.GetValueOrDefault(change.Member);
                if (change.From != level || change.SetAt != setAt)
                    _context.Violation($"Block {block.Height} changes {NameOf(change.Member)} from level {change.From}, set at height {change.SetAt}, and it was {level}, set at {setAt}: it undoes what it did not know of");
                members[change.Member] = (change.To, block.Height);
            }
        }
    }

    private void CheckAcknowledged(List<StoredBlock> blocks)
    {
        foreach (var admin in world.People)
        {
            var mine = blocks.Where(block => block.Author == HexOf(admin)).ToList();
            Hold("rotated the key", admin.Rotations, mine.Count(static block => block.Epoch > 1 && !block.Levels.Any(static change => change.To == 0)));
            Hold("configured the vault", admin.Configurations, mine.Count(static block => block.Configures));

            void Hold(string what, int told, int made)
            {
                _context.Counters.Add("rotations and configurations that were acknowledged", told);
                if (made < told)
                    _context.Violation($"{admin.Name} {what} {told} times, as it was told, and the ledger has it {made} times");
            }
        }
        // What holds already makes no block.
        foreach (var asked in world.Model.Access.Attempts.Where(static asked => asked is { Done: not null, Access: > AccessLevel.None }))
        {
            if (!blocks.Exists(block => block.Levels.Any(change => change.Member == HexOf(asked.Member) && change.To == (byte)asked.Access)))
                _context.Violation($"{asked.Member.Name} was given {asked.Access}, as an admin was told, and no block of the ledger says so");
        }
    }

    private string NameOf(string id) => world.People.FirstOrDefault(person => HexOf(person) == id)?.Name ?? id[..8];

    private static string HexOf(Person person) => Convert.ToHexStringLower(person.Id.Bytes);
}
