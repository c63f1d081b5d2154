using System.Security.Cryptography;
using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>
/// Looks at the commits themselves, loose and in packs, by docs/format.md alone and by no code of the vault's: on an honest store each writer's line is one chain without a gap, whose ends are whole.
/// </summary>
/// <param name="store">The store, without a link.</param>
/// <param name="realm">The realm of the vault.</param>
/// <param name="mayEnd">Whether there are records that end.</param>
/// <param name="context">Where violations go.</param>
internal sealed class ChainCheck(MemoryStore store, string realm, bool mayEnd, SimContext context)
{
    public async Task RunAsync()
    {
        var commits = new SortedDictionary<string, StoredCommit>(StringComparer.Ordinal);
        await foreach (var info in store.ListAsync($"{realm}/commits/"))
            commits.Add(info.Key.Value, StoredCommit.Of(info.Key.Value, await Collect.BytesAsync(store, info.Key)));
        await foreach (var info in store.ListAsync($"{realm}/packs/"))
        {
            foreach (var packed in PackedCommits.Read(info.Key.Value, await Collect.BytesAsync(store, info.Key), mayEnd, context))
            {
                var known = commits.GetValueOrDefault(packed.Name);
                if (known is not null && !known.Hash.AsSpan().SequenceEqual(packed.Hash))
                    context.Violation($"{packed.Name} is another commit in {info.Key}");
                if (known is null or { IsStub: true })
                    commits[packed.Name] = packed;
            }
            context.Counters.Add("packs");
        }
        foreach (var line in commits.Values.GroupBy(static commit => commit.Writer, StringComparer.Ordinal))
        {
            CheckLine([.. line]);
            context.Counters.Add("writers");
        }
        context.Counters.Add("commits", commits.Count);
    }

    private void CheckLine(IReadOnlyList<StoredCommit> line)
    {
        var number = 0UL;
        var clock = 0UL;
        var previous = new byte[SHA256.HashSizeInBytes];
        if (line[0].IsStub || line[^1].IsStub)
            context.Violation($"The line of {line[0].Writer} has a stub at one of its ends");
        foreach (var commit in line)
        {
            number++;
            if (commit.Number != number || commit.Clock <= clock || !commit.Previous.SequenceEqual(previous))
                context.Violation($"{commit.Name} breaks its writer's line: it is object {number} there, and says number {commit.Number}, clock {commit.Clock} after {clock}");
            (clock, previous) = (commit.Clock, commit.Hash);
        }
    }
}
