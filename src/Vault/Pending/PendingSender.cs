using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Files;
using Coffer.Vaults.Index;
using Coffer.Vaults.State;
using Coffer.Vaults.Transfers;

namespace Coffer.Vaults.Pending;

/// <summary>Sends entries of the queue.</summary>
internal sealed class PendingSender(VaultDevice device, FileWriter writer, Spool spool, LocalSeal seal, PiecePool pool)
{
    /// <summary>Sends them in one commit; when the task ends well, they are on the store and not in the queue any more.</summary>
    /// <param name="calls">What they say, in the order in which they were accepted.</param>
    /// <param name="progress">Gives for each file who is told how many bytes of it are on the store.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OperationCanceledException">Also when none of them is there any more.</exception>
    public async Task SendAsync(IReadOnlyList<PendingTable.PendingCall> calls, Func<UInt128, IProgress<long>> progress, CancellationToken cancellationToken)
    {
        var readers = new List<SpoolReader>();
        try
        {
            var writes = new List<AcceptedWrite>();
            foreach (var call in calls)
            {
                if (call.Files.Any(file => device.Records.Holds(device.Me, file.Plan.Id)))
                {
                    // A commit of it was applied, and the power went before this file was written.
                    device.Pending.Remove(call.Id);
                    continue;
                }
                if (call.Spool is not null)
                    readers.Add(await spool.OpenAsync(call.Spool, cancellationToken));
                var reader = call.Spool is null ? null : readers[^1];
                writes.AddRange(call.Files.Select(file => new AcceptedWrite(file.Plan, Content(file, reader), progress(file.Plan.Id))));
            }
            if (writes.Count > 0)
                await writer.SendAsync(writes, cancellationToken);
        }
        finally
        {
            readers.ForEach(static reader => reader.Dispose());
        }
    }

    private FileContent Content(PendingTable.PendingFile file, SpoolReader? reader)
    {
        if (file.Body is null)
            return FileContent.FromBytes(file.Content is null ? ReadOnlyMemory<byte>.Empty : Open(file.Plan.Path, file.Content));
        var body = BodyColumn.Read(Open(file.Plan.Path, file.Body));
        return FileContent.FromSpool(
            () => new BodyReader(body, reader ?? throw Damaged(file.Plan.Path, null), device.Environment.Workers, pool).OpenRead(), file.Size, ContentSource.OfQueued(file.Plan.Id));
    }

    private byte[] Open(string path, byte[] bytes)
    {
        try
        {
            return seal.Open(bytes);
        }
        catch (VaultException fault)
        {
            throw Damaged(path, fault);
        }
    }

    private InvalidDataException Damaged(string path, Exception? fault) =>
        new($"What '{device.Paths.State}' keeps of the content of '{path}' is damaged, or was accepted by another identity. Write the file again.", fault);
}
