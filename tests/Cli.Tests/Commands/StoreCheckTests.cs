using Coffer.Cli.Checking;
using Coffer.Cli.Commands;
using Coffer.Cli.Tests.Running;
using Coffer.Stores;

namespace Coffer.Cli.Tests.Commands;

public sealed class StoreCheckTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_folder_can_hold_a_vault_and_is_left_as_it_was()
    {
        var run = (await _place.RunAsync("alice", "store", "check", "./store", "--size", "1MiB")).Succeeded();

        Assert.Equal("A vault can live here.", run.Lines[^1]);
        Assert.Contains(run.Lines, line => line.StartsWith("create only if absent ", StringComparison.Ordinal) && line.Contains(" works"));
        Assert.Contains(run.Lines, line => line.StartsWith("put 1.00 MiB ", StringComparison.Ordinal) && line.EndsWith("/s", StringComparison.Ordinal));
        Assert.False(Path.Exists(_place.Store));
        Directory.CreateDirectory(_place.Store);
        (await _place.RunAsync("alice", "store", "check", "./store", "--size", "1MiB")).Succeeded();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Store));
    }

    [Theory]
    [InlineData(0.004, "0.004 ms")]
    [InlineData(0.26, "0.3 ms")]
    [InlineData(38, "38.0 ms")]
    public void A_round_trip_is_never_shown_as_nothing(double milliseconds, string shown) => Assert.Equal(shown, StoreCheckCommand.RoundTrip(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task As_json_it_says_of_each_trial_whether_it_works_and_is_needed()
    {
        var json = (await _place.RunAsync("alice", "store", "check", _place.StoreUrl, "--json")).Succeeded().Json;

        Assert.True(json.GetProperty("canHoldVault").GetBoolean());
        Assert.True(json.GetProperty("roundTripSeconds").GetDouble() > 0);
        var trials = json.GetProperty("trials").EnumerateArray().ToDictionary(trial => trial.GetProperty("name").GetString()!);
        Assert.True(trials["one winner of many creators"].GetProperty("isNeeded").GetBoolean());
        Assert.Equal("missing", trials["URLs for others (presigned)"].GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("nothing", 2, "is no store")]
    [InlineData("gopher://x", 2, "There are: azblob://, file://, s3://, sftp://.")]
    [InlineData("mem://x", 2, "A store in memory would end with the command.")]
    [InlineData("file:///srv/x?fsink=1", 2, "no option 'fsink'")]
    [InlineData("sftp://me@nas", 2, "sftp://host/~/coffer")]
    [InlineData("file:///proc/nothing", 1, "/proc/nothing")]
    public async Task Where_nothing_can_be_put_the_reason_is_told_in_place_of_a_table(string url, int exitCode, string said)
    {
        var run = (await _place.RunAsync("alice", "store", "check", url)).Failed(exitCode);

        Assert.Contains(said, run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task A_store_that_ignores_conditions_is_found_out()
    {
        var result = await CheckAsync(new Careless(new MemoryStore("careless")));

        Assert.False(result.CanHoldVault);
        Assert.Equal(["create only if absent", "one winner of many creators", "replace only one version"], Faults(result));
    }

    [Fact]
    public async Task A_store_that_says_what_it_lacks_is_believed()
    {
        var result = await CheckAsync(new Modest(new MemoryStore("modest")));

        Assert.False(result.CanHoldVault);
        Assert.Empty(Faults(result));
        Assert.Equal(TrialOutcome.Lacks, result.Results.Single(one => one.Trial.Name == "create only if absent").Answer.Outcome);
    }

    [Fact]
    public async Task Listings_in_another_order_are_found_out_and_nothing_is_left_behind()
    {
        var memory = new MemoryStore("shuffled");
        var result = await CheckAsync(new Shuffled(memory));

        Assert.False(result.CanHoldVault);
        Assert.Contains("list in order", Faults(result));
        Assert.Empty(await memory.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_check_that_is_broken_off_leaves_nothing_behind()
    {
        var memory = new MemoryStore("memory");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Check(memory).RunAsync(1000, name =>
        {
            if (name == "list in order")
                cancel.Cancel();
        }, cancel.Token));

        Assert.Empty(await memory.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_store_made_and_leaves_is_told()
    {
        var lines = new List<string>();
        await new StoreCheck(_ => Task.FromResult<IStore>(new Founding(new MemoryStore("founding"))), lines.Add).RunAsync(1000, _ => { }, TestContext.Current.CancellationToken);

        Assert.All(lines, line => Assert.Contains("The check made the bucket 'b', as the URL says (create=true), and leaves it.", line));
        Assert.NotEmpty(lines);
    }

    private sealed class Founding(IStore inner) : DelegatingStore(inner), IStoreTraces
    {
        public ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default) => new("the bucket 'b'");
    }

    private static StoreCheck Check(IStore store) => new(_ => Task.FromResult(store), line => Assert.Fail(line));

    private static Task<StoreCheckResult> CheckAsync(IStore store) => Check(store).RunAsync(1000, _ => { }, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Faults(StoreCheckResult result) => result.Results.Where(one => one.Answer.Outcome == TrialOutcome.Fails).Select(one => one.Trial.Name);

    /// <summary>As some servers do: accepts every condition and keeps none.</summary>
    private sealed class Careless(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
            base.PutAsync(key, body, PutOptions.Default, cancellationToken);
    }

    private sealed class Modest(IStore inner) : DelegatingStore(inner)
    {
        public override StoreCapabilities Capabilities => new();
    }

    private sealed class Shuffled(IStore inner) : DelegatingStore(inner)
    {
        public override IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default) =>
            base.ListAsync(prefix, options, cancellationToken).Reverse();
    }
}
