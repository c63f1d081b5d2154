namespace Coffer.Stores.Sftp;

/// <summary>
/// Notices that nothing has moved for too long while somebody waits. <c>ServerAliveInterval</c> of ssh notices a dead host, but not an SFTP server that hangs.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Func<bool> _isWaiting;
    private readonly Action<TimeSpan> _onSilence;
    private readonly ITimer _timer;
    private long _lastSign;

    /// <param name="time">The clock and timers.</param>
    /// <param name="limit">The longest silence.</param>
    /// <param name="isWaiting">Whether somebody waits.</param>
    /// <param name="onSilence">Called when the silence is too long.</param>
    public SilenceWatch(TimeProvider time, TimeSpan limit, Func<bool> isWaiting, Action<TimeSpan> onSilence)
    {
        (_time, _limit, _isWaiting, _onSilence) = (time, limit, isWaiting, onSilence);
        _lastSign = time.GetTimestamp();
        var period = TimeSpan.FromTicks(Math.Max(limit.Ticks / 8, TimeSpan.TicksPerMillisecond * 10));
        _timer = time.CreateTimer(static watch => ((SilenceWatch)watch!).Look(), this, period, period);
    }

    /// <summary>Something moved.</summary>
    public void Touch() => Volatile.Write(ref _lastSign, _time.GetTimestamp());

    private void Look()
    {
        if (!_isWaiting())
            Touch();
        else if (_time.GetElapsedTime(Volatile.Read(ref _lastSign)) > _limit)
            _onSilence(_limit);
    }

    public void Dispose() => _timer.Dispose();
}
