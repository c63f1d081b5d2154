using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

/// <summary>The suite itself: it notices each kind of broken store, and says what it expected.</summary>
public sealed class StoreConformanceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<ConformanceException> BrokenAsync(string rule, Func<IStore, IStore> broken)
    {
        var context = new ConformanceContext { Store = broken(new MemoryStore("broken")), HasBoundedMemory = false, LargeBody = 1 << 20, ListedKeys = 100 };
        var error = await Assert.ThrowsAsync<ConformanceException>(() => StoreConformance.Find(rule).RunAsync(context, Token));
        Assert.StartsWith("Expected", error.Message.Replace("After these operations the store and a dictionary differ. ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public Task It_notices_a_store_that_looks_before_it_creates() =>
        BrokenAsync("Of_many_creators_of_one_key_exactly_one_wins_and_the_object_is_its_own_whole", static inner => new BrokenStores.ChecksBeforeItCreates(inner));

    [Fact]
    public Task It_notices_a_store_that_ignores_conditions() =>
        BrokenAsync("A_create_only_put_creates_once_and_then_is_AlreadyExists", static inner => new BrokenStores.IgnoresConditions(inner));

    [Fact]
    public Task It_notices_a_store_that_lets_two_replace_one_version() =>
        BrokenAsync("Of_many_writers_that_know_one_version_exactly_one_replaces_it", static inner => new BrokenStores.IgnoresConditions(inner));

    [Fact]
    public Task It_notices_a_counter_that_loses_increments() =>
        BrokenAsync("A_put_of_a_known_version_replaces_it_and_another_version_is_ConditionFailed", static inner => new BrokenStores.IgnoresConditions(inner));

    [Fact]
    public Task It_notices_a_store_that_ignores_ranges() =>
        BrokenAsync("A_range_gives_its_bytes_and_is_cut_at_the_end", static inner => new BrokenStores.IgnoresRanges(inner));

    [Fact]
    public Task It_notices_a_store_that_alters_keys() =>
        BrokenAsync("An_odd_key_round_trips_or_is_refused_with_InvalidKey_and_is_never_altered", static inner => new BrokenStores.AltersKeys(inner));

    [Fact]
    public Task It_notices_a_store_that_sorts_as_UTF16() =>
        BrokenAsync("The_order_is_that_of_UTF8_where_it_differs_from_that_of_UTF16", static inner => new BrokenStores.SortsAsUtf16(inner));

    [Fact]
    public Task It_notices_a_store_that_deletes_by_prefix() =>
        BrokenAsync("A_delete_removes_one_object_and_no_other_and_a_missing_one_is_success", static inner => new BrokenStores.DeletesByPrefix(inner));

    [Fact]
    public Task It_notices_a_store_that_shows_halves() =>
        BrokenAsync("Readers_never_see_a_part_or_a_mixture_while_an_object_is_overwritten", static inner => new BrokenStores.ShowsHalves(inner));

    [Fact]
    public Task It_notices_versions_that_come_again() =>
        BrokenAsync("Two_different_contents_never_have_one_version_however_fast_they_follow", static inner => new BrokenStores.HasWeakVersions(inner));

    [Fact]
    public Task It_notices_a_store_that_goes_on_when_it_was_cancelled() =>
        BrokenAsync("Cancelling_in_the_middle_of_a_body_leaves_the_old_object", static inner => new BrokenStores.IgnoresCancellation(inner));

    [Fact]
    public async Task A_random_sequence_that_fails_is_shown_as_few_steps()
    {
        var error = await BrokenAsync("Random_sequences_of_operations_do_what_they_do_to_a_dictionary", static inner => new BrokenStores.IgnoresConditions(inner));
        var steps = error.Message.Split(Environment.NewLine).Skip(1).ToArray();
        Assert.InRange(steps.Length, 2, 4);
        Assert.Contains(steps, static step => step.Contains("Create(", StringComparison.Ordinal) || step.Contains("ReplaceOld(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_notices_a_store_that_holds_a_large_body()
    {
        var context = new ConformanceContext { Store = new MemoryStore("large") };
        var error = await Assert.ThrowsAsync<ConformanceException>(() =>
            StoreConformance.Find("A_large_stream_with_a_length_goes_up_and_down_in_bounded_memory").RunAsync(context, Token));
        Assert.Contains("held", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_case_has_a_name_of_its_own() =>
        Assert.Equal(StoreConformance.Cases.Count, StoreConformance.Cases.Select(static rule => rule.Name).Distinct(StringComparer.Ordinal).Count());
}
