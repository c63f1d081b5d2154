using Coffer.Vaults.Commits;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>Prepares a batch: the smallest contents fill the tail of its commit, other small ones share objects, and large ones go by themselves, several at a time.</summary>
internal sealed class BatchPreparer(VaultDevice device, FilePreparer files)
{
    private const int Parallel = 4;

    /// <summary>The plans, in the order of the writes.</summary>
    public async Task<IReadOnlyList<PutPlan>> PrepareAsync(IReadOnlyList<FileWrite> writes, CancellationToken cancellationToken)
    {
        var plans = new PutPlan[writes.Count];
        var bundled = new Dictionary<UInt128, int>();
        var large = new List<int>();
        var bundler = new Bundler(device);
        var tail = 0;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Content.Length is not (>= 0 and <= Bundler.MaxContent and var length))
            {
                large.Add(i);
                continue;
            }
            var plan = files.Plan(writes[i]);
            var content = await ReadAsync(writes[i], (int)length, cancellationToken);
            if (length <= CommitRequest.MaxSmall && tail + CommitRequest.TailShare((int)length) <= CommitHeader.MaxTail)
            {
                tail += CommitRequest.TailShare((int)length);
                plans[i] = plan with { Small = content };
                continue;
            }
            bundled.Add(plan.Id, i);
            await bundler.AddAsync(plan, content, cancellationToken);
        }
        var prepared = await Concurrently.SelectAsync(large, Parallel, async (index, token) => await files.PrepareAsync(writes[index], token), cancellationToken);
        for (var i = 0; i < large.Count; i++)
        {
            var plan = prepared[i];
            if (plan.Small is { Length: > 0 } small && tail + CommitRequest.TailShare(small.Length) > CommitHeader.MaxTail)
            {
                bundled.Add(plan.Id, large[i]);
                await bundler.AddAsync(plan with { Small = null }, small, cancellationToken);
                continue;
            }
            tail += CommitRequest.TailShare(plan.Small?.Length ?? 0);
            plans[large[i]] = plan;
        }
        foreach (var plan in await bundler.FinishAsync(cancellationToken))
            plans[bundled[plan.Id]] = plan;
        return plans;
    }

    private static async Task<byte[]> ReadAsync(FileWrite write, int length, CancellationToken cancellationToken)
    {
        var (stream, owned) = write.Content.Open();
        using (owned)
        {
            var content = new byte[length];
            var count = await stream.ReadFullyAsync(content, cancellationToken);
            if (count < length)
                throw new SourceLengthException(length, count);
            if (await stream.ReadAsync(new byte[1], cancellationToken) > 0)
                throw new SourceLengthException(length, null);
            write.Options?.Progress?.Report(length);
            return content;
        }
    }
}
