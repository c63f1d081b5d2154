using Coffer.Cli.Files;

namespace Coffer.Cli.Tests.Files;

public sealed class TaskLaneTests
{
    [Fact]
    public async Task No_more_run_at_a_time_than_the_width()
    {
        var running = 0;
        var most = 0;
        await TaskLane.RunAsync(
            3,
            async lane =>
            {
                for (var i = 0; i < 50; i++)
                {
                    await lane.StartAsync(async _ =>
                    {
                        InterlockedMax(ref most, Interlocked.Increment(ref running));
                        await Task.Yield();
                        Interlocked.Decrement(ref running);
                    });
                }
            },
            TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task The_first_error_cancels_the_others_and_is_thrown_when_all_have_ended()
    {
        var ended = false;
        var run = TaskLane.RunAsync(
            2,
            async lane =>
            {
                await lane.StartAsync(async token =>
                {
                    try
                    {
                        await Task.Delay(Timeout.Infinite, token);
                    }
                    finally
                    {
                        ended = true;
                    }
                });
                await lane.StartAsync(_ => throw new IOException("the first"));
                await lane.StartAsync(_ => Task.CompletedTask);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("the first", (await Assert.ThrowsAsync<IOException>(() => run)).Message);
        Assert.True(ended);
    }

    [Fact]
    public async Task An_error_of_who_starts_is_thrown_too() =>
        await Assert.ThrowsAsync<IOException>(() => TaskLane.RunAsync(2, _ => throw new IOException(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task The_callers_cancellation_is_no_error()
    {
        using var source = new CancellationTokenSource();
        var run = TaskLane.RunAsync(2, lane => lane.StartAsync(token => Task.Delay(Timeout.Infinite, token)), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var before = target; value > before; before = target)
        {
            if (Interlocked.CompareExchange(ref target, value, before) == before)
                return;
        }
    }
}
