using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Naming;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>Takes over what waits in the queue of a device whose state is damaged. Record ids stay, so what that device had sent already does not come twice.</summary>
internal sealed class PendingSalvage(VaultDevice device, Spool spool, QueueRoom room, LocalSeal seal)
{
    private const int BlockLength = 1 << 20;

    /// <summary>Takes over all that can be read; gives the paths of the files.</summary>
    /// <exception cref="VaultException">The other state cannot be read, or is not known to be of this vault.</exception>
    /// <exception cref="QueueFullException">There is no room for all of it. What was taken over before stays.</exception>
    public async Task<IReadOnlyList<string>> TakeAsync(LocalPaths other, CancellationToken cancellationToken)
    {
        if (other.State == device.Paths.State)
            throw new VaultException($"'{other.State}' is the state of this device itself.");
        using var damaged = new DamagedState(other);
        if (damaged.VaultId is not { } vault)
            throw new VaultException($"It cannot be read any more which vault '{other.State}' is of, so nothing of it is taken: it could come to the wrong people.");
        if (vault != device.Meta.VaultId)
            throw new VaultException($"'{other.State}' is of another vault ({vault}).");
        var taken = new List<string>();
        foreach (var call in damaged.Pending())
        {
            if (call.Files.All(IsWhole) && !call.Files.Any(IsHere) && await TryTakeAsync(call, other, cancellationToken))
                taken.AddRange(call.Files.Select(static file => file.Plan.Path));
        }
        return taken;
    }

    private bool IsHere(PendingTable.PendingFile file) => device.Pending.Holds(file.Plan.Id) || device.Records.Holds(device.Me, file.Plan.Id);

    private bool IsWhole(PendingTable.PendingFile file)
    {
        try
        {
            VaultPath.Check(file.Plan.Path);
            return (file.Content is null || seal.Open(file.Content).Length == file.Size) && (file.Body is null || BodyColumn.Read(seal.Open(file.Body)).Length == file.Size);
        }
        catch (Exception fault) when (fault is VaultException or ArgumentException or WireException)
        {
            return false;
        }
    }

    /// <summary>False when its contents are not there any more. Whether they are whole is found out when they are sent.</summary>
    private async Task<bool> TryTakeAsync(PendingTable.PendingCall call, LocalPaths other, CancellationToken cancellationToken)
    {
        var bytes = call.Files.Sum(static file => file.Size);
        if (call.Spool is not null && !File.Exists(Path.Combine(other.Spool, call.Spool)))
            return false;
        if (!room.TryEnter(call.Files.Count, bytes))
            throw room.Full("more was to be taken over from a damaged state");
        try
        {
            using var copy = call.Spool is null ? null : await CopyAsync(Path.Combine(other.Spool, call.Spool), cancellationToken);
            device.Pending.Add(call with { Spool = copy?.Name });
            copy?.Keep();
            return true;
        }
        finally
        {
            room.Leave(call.Files.Count, bytes);
        }
    }

    private async Task<SpoolFile> CopyAsync(string path, CancellationToken cancellationToken)
    {
        var copy = spool.Create(static _ => { });
        try
        {
            using var source = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var block = new byte[BlockLength];
            for (var offset = 0L; RandomAccess.Read(source, block, offset) is > 0 and var count; offset += count)
                await copy.PutAsync(0, block.AsMemory(0, count), default, cancellationToken);
            await copy.FlushAsync(cancellationToken);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
