using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public class AsyncGateTests
{
    [Fact]
    public async Task Who_waits_is_let_in_in_the_order_of_arrival()
    {
        var gate = new AsyncGate(2);
        await gate.EnterAsync();
        await gate.EnterAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync().AsTask()).ToArray();
        for (var next = 0; next < 5; next++)
        {
            Assert.DoesNotContain(waiting[next..], task => task.IsCompleted);
            gate.Leave();
            await waiting[next];
        }
    }

    [Fact]
    public async Task Who_needs_few_places_does_not_overtake()
    {
        var gate = new AsyncGate(10);
        await gate.EnterAsync(6);
        var many = gate.EnterAsync(10).AsTask();
        var few = gate.EnterAsync(1).AsTask();
        Assert.False(few.IsCompleted);
        gate.Leave(6);
        await many;
        Assert.False(few.IsCompleted);
        gate.Leave(10);
        await few;
    }

    [Fact]
    public async Task Who_gives_up_lets_those_behind_pass()
    {
        var gate = new AsyncGate(10);
        await gate.EnterAsync(6);
        using var cancellation = new CancellationTokenSource();
        var many = gate.EnterAsync(10, cancellation.Token).AsTask();
        var few = gate.EnterAsync(4).AsTask();
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => many);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        await few;
        gate.Leave(4);
        gate.Leave(6);
        await gate.EnterAsync(10);
    }

    [Fact]
    public async Task Who_was_let_in_is_in_even_when_cancelled_later()
    {
        var gate = new AsyncGate(1);
        await gate.EnterAsync();
        using var cancellation = new CancellationTokenSource();
        var next = gate.EnterAsync(1, cancellation.Token).AsTask();
        gate.Leave();
        await cancellation.CancelAsync();
        await next;
        gate.Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await gate.EnterAsync(1, cancellation.Token));
        await gate.EnterAsync();
    }

    [Fact]
    public async Task Places_are_taken_and_given_back_as_they_are()
    {
        var gate = new AsyncGate(2);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await gate.EnterAsync(3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await gate.EnterAsync(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => gate.Leave());
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncGate(0));
    }
}
