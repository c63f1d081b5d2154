using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Sync;

/// <summary>
/// A listing of what the store has (format, section 11): commits first, then packs where they are needed, until nothing that was listed had vanished before it was read. What is unknown is fetched and imported.
/// Commits come before packs because they move from the one to the other.
/// </summary>
internal sealed class StoreListing(VaultDevice device, CommitFetcher commits, CommitIntake intake)
{
    /// <summary>How many objects are fetched side by side.</summary>
    private const int Fetches = 16;

    /// <summary>So many commits are applied in one transaction.</summary>
    private const int MostInGroup = 5_000;

    /// <summary>A store that is cleaned up all the time is listed so many times.</summary>
    private const int MostRounds = 12;

    /// <summary>A listing of packs that took too long is made so many times in all.</summary>
    private const int MostSlowListings = 3;

    /// <summary>So many missing commits are asked for by name; the packs are looked into for all of them.</summary>
    private const int MostAsked = 256;

    private readonly CommitListing _names = new(device);
    private readonly PackFetcher _packs = new(device.Store, device.Names);

    /// <summary>Lists and imports.</summary>
    /// <param name="began">Now.</param>
    /// <param name="withPacks">Whether packs are listed in any case.</param>
    /// <param name="tooOld">Whether what was listed before is so old by now that commits may have moved into packs behind its back.</param>
    /// <param name="cancellationToken">Cancels it; what was imported stays.</param>
    /// <exception cref="StoreException">Something could not be read. What could be is imported.</exception>
    public async Task<ListingResult> RunAsync(Moment began, bool withPacks, Func<bool> tooOld, CancellationToken cancellationToken)
    {
        var run = new Run(device, began);
        for (var round = 1; round <= MostRounds; round++)
        {
            run.Vanished = false;
            var names = await _names.RunAsync(IsWanted, run.NoteTime, cancellationToken);
            withPacks |= tooOld() || device.Packs.Lacking().Exists(device.Keys.Has);
            if (withPacks)
                await ReadPacksAsync(run, cancellationToken);
            foreach (var group in Grouped(names.FindAll(commit => IsWanted(commit.Name)), static commit => commit.Size, MostInGroup))
                await FetchAsync(run, group.ConvertAll(static commit => commit.Name), cancellationToken);
            if (device.Vouches.AllMissing() is { Count: > 0 } missing)
            {
                await FetchAsync(run, [.. missing.Select(static absent => absent.Link.Name).Distinct().Take(MostAsked)], cancellationToken, mayBeAbsent: true);
                run.Vanished |= !withPacks && device.Vouches.AllMissing().Count > 0;
            }
            if (run.Unread is { } fault)
                throw fault;
            if (!run.Vanished)
                return new ListingResult(run.Commits, run.StoreBegan, withPacks, _names.Names);
            withPacks = true;
        }
        throw new StoreException(StoreErrorKind.Unavailable,
            $"What the store '{device.Store.Name}' lists is gone when it is read, {MostRounds} times in a row. Try again later; if it stays so, look for what deletes objects there.");
    }

    /// <summary>Lists and reads the packs alone.</summary>
    /// <exception cref="StoreException">One could not be read.</exception>
    public async Task ReadPacksAsync(CancellationToken cancellationToken)
    {
        var run = new Run(device, Moment.Now(device.Time));
        await ReadPacksAsync(run, cancellationToken);
        if (run.Unread is { } fault)
            throw fault;
    }

    /// <summary>
    /// A commit that is not in the index; one that did not open before, only when there is a key now that it needs. And always what is vouched for and is not here, whatever stood under its name before: the store may have mended it, or show now what it showed somebody else.
    /// </summary>
    private bool IsWanted(CommitName name) =>
        device.Vouches.IsMissing(name)
        || (!device.Commits.Holds(name) && (device.Vouches.UnopenedEpoch(name) is not { } epoch || (epoch >= 0 && device.Keys.Has(epoch))));

    private async Task FetchAsync(Run run, List<CommitName> names, CancellationToken cancellationToken, bool mayBeAbsent = false)
    {
        if (names.Count == 0)
            return;
        var fetched = await Concurrently.SelectAsync(names, Fetches, async (name, token) => await run.OrNoteAsync(commits.FetchAsync(name, token)), cancellationToken);
        run.Vanished |= !mayBeAbsent && run.Unread is null && Array.Exists(fetched, static commit => commit is null);
        run.Commits += await intake.ImportAsync([.. fetched.OfType<FetchedCommit>()], cancellationToken);
    }

    /// <summary>Lists the packs, reads those that were not read before, and forgets those that are gone.</summary>
    private async Task ReadPacksAsync(Run run, CancellationToken cancellationToken)
    {
        var listed = await ListPacksAsync(run, cancellationToken);
        var known = device.Packs.All();
        foreach (var gone in known.Values.Where(pack => !listed.ContainsKey(pack.Name)))
            device.Packs.Forget(gone);
        foreach (var group in Grouped(listed.Where(pack => !known.TryGetValue(pack.Key, out var read) || (read.Lacks != 0 && device.Keys.Has(read.Lacks))), static pack => Math.Min(pack.Value, PackCodec.MaxHeads), Fetches))
        {
            var fetched = await Concurrently.SelectAsync(group, Fetches, async (pack, token) => await run.OrNoteAsync(_packs.FetchHeadsAsync(pack.Key, token)), cancellationToken);
            run.Vanished |= run.Unread is null && Array.Exists(fetched, static pack => pack is null);
            foreach (var pack in fetched.OfType<FetchedPack>())
                run.Commits += await intake.ImportAsync(pack, cancellationToken);
        }
    }

    /// <summary>Lists the packs within half the margin: else some may have been replaced and deleted behind its back.</summary>
    private async Task<SortedDictionary<PackName, long>> ListPacksAsync(Run run, CancellationToken cancellationToken)
    {
        var half = device.PackingMargin / 2;
        for (var round = 0; round < MostSlowListings; round++)
        {
            var began = Moment.Now(device.Time);
            var listed = new SortedDictionary<PackName, long>();
            await foreach (var entry in device.Store.ListAsync(device.Names.Packs, cancellationToken: cancellationToken))
            {
                run.NoteTime(entry);
                if (device.Names.ParsePack(entry.Key) is { } name)
                    listed[name] = entry.Size;
            }
            if (began.Elapsed(device.Time) <= half)
                return listed;
        }
        throw new StoreException(StoreErrorKind.Unavailable,
            $"The store '{device.Store.Name}' took more than {half.TotalMinutes:0} minutes to list '{device.Names.Packs}', {MostSlowListings} times in a row, and what is so old says nothing of what is there. Try again when it is quicker.");
    }

    /// <summary>What is read and applied together: as much as fits into a bounded memory, and one at least.</summary>
    private static IEnumerable<List<T>> Grouped<T>(IEnumerable<T> items, Func<T, long> size, int most)
    {
        var group = new List<T>();
        var room = 0L;
        foreach (var item in items)
        {
            if (group.Count > 0 && (room + size(item) > PackCodec.MaxHeads || group.Count == most))
            {
                yield return group;
                (group, room) = ([], 0);
            }
            group.Add(item);
            room += size(item);
        }
        if (group.Count > 0)
            yield return group;
    }

    /// <summary>What one listing has found so far.</summary>
    private sealed class Run(VaultDevice device, Moment began)
    {
        private readonly Lock _lock = new();

        /// <summary>How many commits were imported.</summary>
        public int Commits { get; set; }

        /// <summary>Whether something was gone that must be looked for in packs.</summary>
        public bool Vanished { get; set; }

        /// <summary>What could not be read; a listing that lacks it is none.</summary>
        public StoreException? Unread { get; private set; }

        /// <summary>When the listing began, by the store's time; null while that was not told.</summary>
        public DateTimeOffset? StoreBegan { get; private set; }

        public void NoteTime(ObjectInfo entry)
        {
            lock (_lock)
            {
                if (StoreBegan is not null || entry.StoreTime is not { } told)
                    return;
                StoreBegan = told - began.Elapsed(device.Time);
                device.StoreTime.Note(told, began);
            }
        }

        /// <summary>The result, or null and the error kept.</summary>
        public async ValueTask<T?> OrNoteAsync<T>(ValueTask<T?> fetch)
            where T : class
        {
            try
            {
                return await fetch;
            }
            catch (StoreException fault)
            {
                Unread ??= fault;
                return null;
            }
        }
    }
}

/// <summary>What a listing brought.</summary>
/// <param name="Commits">How many commits are new.</param>
/// <param name="Began">When it began, by the store's time; null where that was not told.</param>
/// <param name="WithPacks">Whether packs were listed, so that it is complete.</param>
/// <param name="Names">How many names of commits are believed to be on the store.</param>
internal readonly record struct ListingResult(int Commits, DateTimeOffset? Began, bool WithPacks, long Names);
