using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _fired = [];

    private ITimer Timer(string name, TimeSpan due, TimeSpan? period = null) =>
        _time.CreateTimer(_ => _fired.Add($"{name} {_time.GetElapsedTime(0).TotalSeconds}"), null, due, period ?? Timeout.InfiniteTimeSpan);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_then_of_their_making()
    {
        Timer("late", Seconds(3));
        Timer("first", Seconds(1));
        Timer("second", Seconds(1));
        Timer("beyond", Seconds(10));

        _time.Advance(Seconds(5));

        Assert.Equal(["first 1", "second 1", "late 3"], _fired);
        Assert.Equal(Seconds(5), _time.GetElapsedTime(0));
        Assert.Equal((1, Seconds(5)), (_time.PendingTimers, _time.UntilNextTimer));
    }

    [Fact]
    public void A_periodic_timer_fires_again_and_a_disposed_one_does_not()
    {
        var timer = Timer("tick", Seconds(1), Seconds(2));
        _time.Advance(Seconds(6));
        timer.Dispose();
        _time.Advance(Seconds(6));

        Assert.Equal(["tick 1", "tick 3", "tick 5"], _fired);
        Assert.False(timer.Change(Seconds(1), Seconds(1)));
        Assert.False(_time.AdvanceToNextTimer());
    }

    [Fact]
    public void A_timer_can_be_set_anew_and_stopped()
    {
        var timer = Timer("x", Seconds(1));
        timer.Change(Seconds(4), Timeout.InfiniteTimeSpan);
        _time.Advance(Seconds(3));
        Assert.Empty(_fired);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.Advance(Seconds(3));

        Assert.Empty(_fired);
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come()
    {
        var delay = Task.Delay(Seconds(2), _time);
        Assert.False(delay.IsCompleted);

        Assert.True(_time.AdvanceToNextTimer());

        await delay;
    }

    [Fact]
    public void Setting_the_wall_clock_moves_no_timer()
    {
        Timer("x", Seconds(1));
        var moved = new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));

        _time.SetUtcNow(moved);
        Assert.Empty(_fired);
        _time.Advance(Seconds(1));

        Assert.Equal(["x 1"], _fired);
        Assert.Equal(moved + Seconds(1), _time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _time.GetUtcNow().Offset);
    }
}
