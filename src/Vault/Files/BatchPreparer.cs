using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Transfers;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>Prepares a batch: the smallest contents fill the tail of its commit, other small ones share objects, and large ones go by themselves, several at a time.</summary>
internal sealed class BatchPreparer(VaultDevice device, FilePreparer files, PiecePool pool)
{
    private const int Parallel = 4;

    /// <summary>The plans, in the order of the writes.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="uploads">The uploads of the call.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<PutPlan>> PrepareAsync(IReadOnlyList<AcceptedWrite> writes, Uploads uploads, CancellationToken cancellationToken)
    {
        var plans = new PutPlan[writes.Count];
        using var flow = new PieceFlow(cancellationToken);
        try
        {
            await PrepareAsync(writes, plans, new Bundler(device, pool, flow, plans), uploads, flow.Token);
        }
        catch (Exception e)
        {
            flow.Fail(e);
        }
        await flow.FinishAsync();
        return plans;
    }

    private async Task PrepareAsync(IReadOnlyList<AcceptedWrite> writes, PutPlan[] plans, Bundler bundler, Uploads uploads, CancellationToken cancellationToken)
    {
        var large = new List<int>();
        var tail = 0;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Content.Length is not (>= 0 and <= Bundler.MaxContent and var length))
            {
                large.Add(i);
                continue;
            }
            var plan = writes[i].Plan;
            var content = await ReadAsync(writes[i], (int)length, cancellationToken);
            if (length <= CommitRequest.MaxSmall && tail + CommitRequest.TailShare((int)length) <= CommitHeader.MaxTail)
            {
                tail += CommitRequest.TailShare((int)length);
                // Its commit may be built when the caller has given up and uses the memory for something else.
                plans[i] = plan with { Small = content.ToArray() };
                continue;
            }
            await bundler.AddAsync(i, plan, content);
        }
        var prepared = await Concurrently.SelectAsync(large, Parallel, async (index, token) => await files.PrepareAsync(writes[index], uploads, token), cancellationToken);
        for (var i = 0; i < large.Count; i++)
        {
            var plan = prepared[i];
            if (plan.Small is { Length: > 0 } small && tail + CommitRequest.TailShare(small.Length) > CommitHeader.MaxTail)
            {
                await bundler.AddAsync(large[i], plan with { Small = null }, small);
                continue;
            }
            tail += CommitRequest.TailShare(plan.Small?.Length ?? 0);
            plans[large[i]] = plan;
        }
        await bundler.FinishAsync();
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(AcceptedWrite write, int length, CancellationToken cancellationToken)
    {
        var content = write.Content.Bytes ?? await ReadStreamAsync(write.Content, length, cancellationToken);
        write.Progress?.Report(length);
        return content;
    }

    private static async Task<byte[]> ReadStreamAsync(FileContent source, int length, CancellationToken cancellationToken)
    {
        var (stream, owned) = source.Open();
        using (owned)
        {
            var content = new byte[length];
            var count = await stream.ReadFullyAsync(content, cancellationToken);
            if (count < length)
                throw new SourceLengthException(length, count);
            if (await stream.ReadAsync(new byte[1], cancellationToken) > 0)
                throw new SourceLengthException(length, null);
            return content;
        }
    }
}
