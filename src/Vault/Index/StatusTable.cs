using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Index;

/// <summary>Single facts about the index.</summary>
internal sealed class StatusTable(LocalDatabase database)
{
    /// <summary>The latest clock of all commits that count.</summary>
    public HybridTime LatestClock
    {
        get => new(Number("latest_clock") ?? 0);
        set => Set("latest_clock", value.Value);
    }

    /// <summary>The latest clock of those that are by other people.</summary>
    public HybridTime LatestClockOfOthers => new(Number("latest_clock_of_others") ?? 0);

    /// <summary>Notes the clock of a commit that counts.</summary>
    public void Accept(HybridTime clock, bool isOwn)
    {
        if (clock.CompareTo(LatestClock) > 0)
            LatestClock = clock;
        if (!isOwn && clock.CompareTo(LatestClockOfOthers) > 0)
            Set("latest_clock_of_others", clock.Value);
    }

    /// <summary>When the last complete listing began, by the store's time, in milliseconds since 1970; null where its listings do not tell that.</summary>
    public long? ListingBegan
    {
        get => Number("listing_began");
        set => Set("listing_began", value);
    }

    /// <summary>How many names of commits are believed to be on the store; 0 when that is not known.</summary>
    public long ListedCommits
    {
        get => Number("listed_commits") ?? 0;
        set => Set("listed_commits", value);
    }

    /// <summary>The version of the change marker that was read before the last complete listing.</summary>
    public string? Marker
    {
        get => database.Scalar("SELECT value FROM idx.status WHERE name='marker'") as string;
        set => Set("marker", value);
    }

    /// <summary>For whom the index is sealed: a public id, or empty for nobody in particular; null in an empty one.</summary>
    public string? Owner
    {
        get => database.Scalar("SELECT value FROM idx.status WHERE name='owner'") as string;
        set => Set("owner", value);
    }

    /// <summary>The ledger height up to which the verdicts were computed.</summary>
    public long JudgedHeight
    {
        get => Number("judged_height") ?? 0;
        set => Set("judged_height", value);
    }

    /// <summary>Up to which record end, in local milliseconds since 1970, records do not count.</summary>
    public long EndedBy
    {
        get => Number("ended_by") ?? 0;
        set => Set("ended_by", value);
    }

    /// <summary>Up to which end, in milliseconds since 1970, objects are not counted in <see cref="Allocated"/>.</summary>
    public long AllocatedWithoutEnded
    {
        get => Number("allocated_without_ended") ?? 0;
        set => Set("allocated_without_ended", value);
    }

    /// <summary>How many bytes the objects in <c>data/</c> have that known commits name, without those that had ended.</summary>
    public long Allocated
    {
        get => Number("allocated") ?? 0;
        set => Set("allocated", value);
    }

    /// <summary>When all bodies were listed last to find those that may go, by local time in milliseconds since 1970.</summary>
    public long? BodiesListed
    {
        get => Number("bodies_listed");
        set => Set("bodies_listed", value);
    }

    /// <summary>When the index was last found whole, by local time in milliseconds since 1970.</summary>
    public long? IndexChecked
    {
        get => Number("index_checked");
        set => Set("index_checked", value);
    }

    /// <summary>Whether the store refused the last delete: then packs are not merged, because the small ones would stay beside the large ones.</summary>
    public bool RefusesDeletes
    {
        get => Number("refuses_deletes") == 1;
        set => Set("refuses_deletes", value ? 1L : 0L);
    }

    /// <summary>A random name for this index, new at each rebuild.</summary>
    public string Name(IRandomSource random)
    {
        return database.Write(() =>
        {
            if (database.Scalar("SELECT value FROM idx.status WHERE name='index_name'") is string name)
                return name;
            name = RandomName.New(random);
            Set("index_name", name);
            return name;
        });
    }

    private long? Number(string name) =>
        database.Scalar("SELECT value FROM idx.status WHERE name=?", name) is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    private void Set(string name, object? value) =>
        database.Run("INSERT INTO idx.status(name, value) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", name, value);
}
