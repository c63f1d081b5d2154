using Xunit;

namespace Coffer.Stores.Tests;

public sealed class AsyncGateTests
{
    [Fact]
    public void As_many_as_there_are_permits_enter_at_once_and_the_others_in_their_order() => SingleThread.Run(async () =>
    {
        var gate = new AsyncGate(2);
        var first = await gate.EnterAsync(default);
        var second = await gate.EnterAsync(default);
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 5).Select(async i =>
        {
            using var permit = await gate.EnterAsync(default);
            order.Add(i);
        }).ToList();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        first.Dispose();
        await Task.WhenAll(waiting);
        second.Dispose();

        Assert.Equal([0, 1, 2, 3, 4], order);
    });

    [Fact]
    public async Task Who_gives_up_while_waiting_takes_no_permit()
    {
        var gate = new AsyncGate(1);
        using var source = new CancellationTokenSource();
        var inside = await gate.EnterAsync(default);
        var givesUp = gate.EnterAsync(source.Token).AsTask();
        var next = gate.EnterAsync(default).AsTask();

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        Assert.False(next.IsCompleted);
        inside.Dispose();
        (await next).Dispose();

        Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_permit_is_given_back_once_however_often_it_is_disposed()
    {
        var gate = new AsyncGate(1);
        var permit = await gate.EnterAsync(default);
        permit.Dispose();
        permit.Dispose();

        _ = await gate.EnterAsync(default);

        Assert.False(gate.EnterAsync(default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_caller_does_not_enter()
    {
        var gate = new AsyncGate(1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await gate.EnterAsync(new CancellationToken(canceled: true)));

        Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task No_permit_is_lost_when_waiters_come_and_go_on_many_threads()
    {
        var gate = new AsyncGate(3);
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var source = new CancellationTokenSource();
            var entering = gate.EnterAsync(source.Token).AsTask();
            if (i % 3 == 0)
                await source.CancelAsync();
            try
            {
                using var permit = await entering;
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException)
            {
            }
        })));

        Assert.InRange(most, 1, 3);
        for (var i = 0; i < 3; i++)
            Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
