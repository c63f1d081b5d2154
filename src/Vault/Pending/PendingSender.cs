using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Files;
using Coffer.Vaults.Index;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>Sends one entry of the queue.</summary>
internal sealed class PendingSender(VaultDevice device, FileWriter writer, Spool spool, LocalSeal seal, PiecePool pool)
{
    /// <summary>Sends it; when the task ends well, it is on the store and not in the queue any more.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="call">What it says.</param>
    /// <param name="progress">Gives for each file who is told how many bytes of it are on the store.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OperationCanceledException">Also when the entry is not there any more.</exception>
    public async Task SendAsync(long id, PendingTable.PendingCall call, Func<UInt128, IProgress<long>> progress, CancellationToken cancellationToken)
    {
        if (call.Files.Any(file => device.Records.Holds(device.Me, file.Plan.Id)))
        {
            // A commit of it was applied, and the power went before this file was written.
            device.Pending.Remove(id);
        }
        else if (call.Spool is null)
        {
            await SendAsync(id, call, null, progress, cancellationToken);
        }
        else
        {
            using var reader = await spool.OpenAsync(call.Spool, cancellationToken);
            await SendAsync(id, call, reader, progress, cancellationToken);
        }
    }

    private async Task SendAsync(long id, PendingTable.PendingCall call, SpoolReader? reader, Func<UInt128, IProgress<long>> progress, CancellationToken cancellationToken) =>
        await writer.SendAsync([.. call.Files.Select(file => new AcceptedWrite(file.Plan, Content(file, reader), progress(file.Plan.Id)))], id, cancellationToken);

    private FileContent Content(PendingTable.PendingFile file, SpoolReader? reader)
    {
        if (file.Body is null)
            return FileContent.FromBytes(file.Content is null ? ReadOnlyMemory<byte>.Empty : Open(file.Plan.Path, file.Content));
        var body = BodyColumn.Read(Open(file.Plan.Path, file.Body));
        return FileContent.FromSpool(
            () => new BodyReader(body, reader ?? throw Damaged(file.Plan.Path, null), device.Environment.Workers, pool).OpenRead(), file.Size);
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
