using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Sync;

/// <summary>
/// The names of all commits on the store that are wanted here. Mostly that is one listing of <c>commits/</c>: what is packed is deleted there. Where nobody can delete, names pile up for ever, and each writer is listed
/// after its last known number instead, as soon as that takes fewer requests.
/// </summary>
internal sealed class CommitListing(VaultDevice device)
{
    /// <summary>How many names one request brings.</summary>
    private const int PageSize = 1000;

    /// <summary>How many writers are listed side by side.</summary>
    private const int Lists = 16;

    /// <summary>How many names this listing has reason to believe in: what the next one is planned by. Exact after a listing of everything.</summary>
    public long Names { get; private set; }

    /// <summary>Lists.</summary>
    /// <param name="isWanted">Whether a commit is to be given.</param>
    /// <param name="note">Told of each entry, by several threads at once.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<List<ListedCommit>> RunAsync(Func<CommitName, bool> isWanted, Action<ObjectInfo> note, CancellationToken cancellationToken)
    {
        if (device.Store.Capabilities.CheapStartAfter)
        {
            var ends = device.Commits.Ends();
            Names = device.Status.ListedCommits;
            if (Names / PageSize > ends.Count + 1)
                return await ByWriterAsync(ends, isWanted, note, cancellationToken);
        }
        Names = 0;
        var wanted = new List<ListedCommit>();
        await ListAsync(device.Names.Commits, null, commit =>
        {
            Names++;
            if (isWanted(commit.Name))
                wanted.Add(commit);
        }, note, cancellationToken);
        return wanted;
    }

    /// <summary>One level tells the writers; then each is listed from its last number on which nothing is missing before.</summary>
    private async Task<List<ListedCommit>> ByWriterAsync(Dictionary<ulong, long> ends, Func<CommitName, bool> isWanted, Action<ObjectInfo> note, CancellationToken cancellationToken)
    {
        var writers = new List<ulong>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Commits, new ListOptions { Shallow = true }, cancellationToken))
        {
            note(entry);
            if (device.Names.ParseWriter(entry.Name) is { } writer)
                writers.Add(writer);
        }
        var seen = 0;
        var listed = await Concurrently.SelectAsync(writers, Lists, async (writer, token) =>
        {
            var end = ends.GetValueOrDefault(writer);
            var commits = new List<ListedCommit>();
            // The last known one shows the time of the store, and whether somebody does delete here.
            await ListAsync(device.Names.Writer(writer), end > 1 ? new CommitName(writer, end - 1) : null, commits.Add, note, token);
            if (commits.RemoveAll(commit => commit.Name.Number == end) > 0)
                Interlocked.Increment(ref seen);
            return commits;
        }, cancellationToken);
        var wanted = listed.SelectMany(static commits => commits).Where(commit => isWanted(commit.Name)).ToList();
        Names = seen * 2 < ends.Count ? 0 : Names + wanted.Count;
        return wanted;
    }

    private async Task ListAsync(string prefix, CommitName? after, Action<ListedCommit> found, Action<ObjectInfo> note, CancellationToken cancellationToken)
    {
        var options = new ListOptions { StartAfter = after is { } last ? device.Names.Commits + last : null };
        await foreach (var entry in device.Store.ListAsync(prefix, options, cancellationToken))
        {
            note(entry);
            if (device.Names.ParseCommit(entry.Key) is { } name)
                found(new ListedCommit(name, entry.Size));
        }
    }
}

/// <summary>A commit as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">The length of the object, in bytes.</param>
internal readonly record struct ListedCommit(CommitName Name, long Size);
