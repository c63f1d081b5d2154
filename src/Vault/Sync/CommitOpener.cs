using System.Security.Cryptography;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Sync;

/// <summary>Opens fetched commits with the keys of this device, checks their signatures, and opens what in them is sealed to or by this person, all on the workers.</summary>
internal sealed class CommitOpener(EpochKeys keys, PrivateId me, VaultEnvironment environment)
{
    private readonly PublicIdCache _ids = new();

    /// <summary>Opens a batch; the results are in its order.</summary>
    public async ValueTask<OpenedCommit[]> OpenAsync(Digest vault, IReadOnlyList<FetchedCommit> fetched, CancellationToken cancellationToken)
    {
        var opened = new OpenedCommit[fetched.Count];
        await environment.Workers.ForEachAsync(opened.Length, i => opened[i] = Open(vault, fetched[i]), cancellationToken);
        return opened;
    }

    /// <summary>Opens one.</summary>
    public OpenedCommit Open(Digest vault, FetchedCommit fetched)
    {
        if (fetched.Header is not { } header)
            return Junk(fetched, fetched.Fault!);
        Span<byte> key = stackalloc byte[32];
        if (!keys.TryGet(header.Epoch, key))
            return new OpenedCommit(fetched.Name, null, header.Epoch, CommitSeal.HashOf(fetched.Bytes.Span[..CommitHeader.Size], fetched.Bytes.Span[CommitHeader.Size..]).ToArray(), $"it needs the key of epoch {header.Epoch}, which this device has not");
        try
        {
            var commit = CommitSeal.Open(header, fetched.Bytes.Span, vault, key, environment.Signatures, _ids);
            return commit is null
                ? Junk(fetched, $"it does not open under the key of epoch {header.Epoch}: it was damaged, or made by nobody of this vault")
                : new OpenedCommit(fetched.Name, OpenSealed(vault, commit), null, commit.Hash.ToArray(), null);
        }
        catch (WireException fault)
        {
            return Junk(fetched, fault.Message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private Commit OpenSealed(Digest vault, Commit commit)
    {
        if (!commit.Head.Records.Any(static record => record is SealedRecord))
            return commit;
        var records = commit.Head.Records.Select(record => record is SealedRecord closed ? RecordSeal.Open(vault, commit.Head.Author, closed, me) : record);
        return commit with { Head = commit.Head with { Records = [.. records] } };
    }

    private static OpenedCommit Junk(FetchedCommit fetched, string fault) => new(fetched.Name, null, null, Digest.Of(fetched.Bytes.Span).ToArray(), fault);
}
