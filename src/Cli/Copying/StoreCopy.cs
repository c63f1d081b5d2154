using System.Security.Cryptography;
using Coffer.Cli.Files;
using Coffer.Cli.Output;

namespace Coffer.Cli.Copying;

/// <summary>
/// Copies the objects of one store to another, several at a time, and reads each back to see that it arrived. It needs no state of its own: both stores are listed
/// side by side, in the order that all stores have, and what is there with equal content is passed over. So a copy that was broken off is gone on with by doing it again.
/// </summary>
internal sealed class StoreCopy(IStore from, IStore to, StoreCopyOptions options, CopyLog log, TransferProgress progress)
{
    private const int AtATime = 8;
    private const int BlockSize = 128 << 10;

    /// <summary>A create-only put is one request. What is larger goes without the condition, in parts that can be tried again one by one.</summary>
    private const long LargestCreateOnly = 64 << 20;

    /// <summary>Copies all of it.</summary>
    /// <exception cref="StoreException">A store cannot be listed, or does not let these credentials in. What is wrong with single objects is logged.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (to.Find<ICapabilityProbe>() is { IsSettled: false } probe)
            await probe.ProbeAsync(cancellationToken);
        await TaskLane.RunAsync(AtATime, StartAllAsync, cancellationToken);
    }

    private async Task StartAllAsync(TaskLane lane)
    {
        await using var there = to.ListAsync(options.Prefix, cancellationToken: lane.Token).GetAsyncEnumerator(lane.Token);
        var isMore = await there.MoveNextAsync();
        await foreach (var entry in from.ListAsync(options.Prefix, cancellationToken: lane.Token))
        {
            while (isMore && there.Current.Key < entry.Key)
                isMore = await there.MoveNextAsync();
            var present = isMore && there.Current.Key == entry.Key ? there.Current : null;
            progress.Expect(entry.Size);
            await lane.StartAsync(token => CopyOneAsync(entry, present, token));
        }
    }

    private async Task CopyOneAsync(ObjectInfo entry, ObjectInfo? present, CancellationToken cancellationToken)
    {
        try
        {
            if (present is not null && await IsSameAsync(entry, present, cancellationToken))
            {
                log.WasThere();
                progress.Advance(entry.Size);
            }
            else if (present is not null && !options.Replaces)
            {
                log.Fail(entry.Key.Value, "the destination has another object under this key. It was left as it is; --replace would replace it.");
            }
            else
            {
                await PutAsync(entry, present, cancellationToken);
            }
        }
        catch (StoreException e) when (e.Kind != StoreErrorKind.Unauthenticated)
        {
            log.Fail(entry.Key.Value, e.Message);
        }
    }

    private async Task PutAsync(ObjectInfo entry, ObjectInfo? present, CancellationToken cancellationToken)
    {
        var source = new HashedSource(from, entry, progress.OfFile());
        var isNew = present is null && to.Capabilities.IfAbsent && entry.Size <= Math.Min(LargestCreateOnly, to.Capabilities.MaxConditionalSize ?? long.MaxValue);
        try
        {
            await to.PutAsync(entry.Key, source.Body, isNew ? PutOptions.CreateOnly : PutOptions.Default, cancellationToken);
        }
        catch (StoreException e) when (e.Kind is StoreErrorKind.AlreadyExists or StoreErrorKind.OutcomeUnknown)
        {
            // Somebody else put it meanwhile, or we did and the answer was lost: what is there now tells.
        }
        var arrived = await HashAsync(to, entry.Key, cancellationToken);
        var expected = source.Hash ?? await HashAsync(from, entry.Key, cancellationToken);
        if (arrived.AsSpan().SequenceEqual(expected))
            log.Copied(entry.Size, replaced: present is not null);
        else
            log.Fail(entry.Key.Value, "what the destination gives back is not what the source has. Copy again; when it stays so, do not trust that store.");
    }

    /// <summary>Versions are no help: two stores name the same bytes differently, and not all of them are strong.</summary>
    private async Task<bool> IsSameAsync(ObjectInfo entry, ObjectInfo present, CancellationToken cancellationToken)
    {
        if (entry.Size != present.Size)
            return false;
        if (options.TrustsSizes)
            return true;
        var hashes = await Task.WhenAll(HashAsync(from, entry.Key, cancellationToken), HashAsync(to, entry.Key, cancellationToken));
        return hashes[0].AsSpan().SequenceEqual(hashes[1]);
    }

    private static async Task<byte[]> HashAsync(IStore store, StoreKey key, CancellationToken cancellationToken)
    {
        await using var reader = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(BlockSize, Math.Max(1, reader.Length))];
        for (int count; (count = await reader.Content.ReadAsync(buffer, cancellationToken)) > 0;)
            hash.AppendData(buffer.AsSpan(0, count));
        return hash.GetHashAndReset();
    }
}
