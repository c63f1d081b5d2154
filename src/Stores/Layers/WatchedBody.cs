namespace Coffer.Stores;

/// <summary>
/// The body of a put under a <see cref="Watchdog"/>: each time the store comes for more bytes, or tells of bytes that it sent, shows that it is alive, and while the
/// source makes them nobody is late. When the body has ended, the store has the time for an answer.
/// </summary>
internal static class WatchedBody
{
    public static (ObjectBody Body, PutOptions Options) Of(ObjectBody body, PutOptions options, Watchdog watch, TimeoutOptions limits)
    {
        var life = new SignsOfLife(options.Progress, body.Length, watch, limits);
        options = options with { Progress = life };
        // Bytes in memory stay what they are, so that the store need not copy them; it tells by progress when it reads them as a stream.
        if (body.Memory is not null)
            return (body, options);
        var watched = ObjectBody.FromSource(
            async token =>
            {
                life.Pause();
                var source = await body.OpenAsync(cancellationToken: token);
                life.Resume(isAtEnd: false);
                return new WatchedSource(source, life);
            },
            body.Length,
            body.CanReopen);
        return (watched, options);
    }

    /// <summary>
    /// What shows that the store is alive: that it comes for bytes, and that it tells of bytes that it sent. A store that sends a body in parts, which it holds until they
    /// are sent, comes for no more bytes for a long while on a slow line.
    /// </summary>
    private sealed class SignsOfLife(IProgress<long>? progress, long? length, Watchdog watch, TimeoutOptions limits) : IProgress<long>
    {
        private volatile bool _isSourceAtWork;
        private volatile bool _isAtEnd;

        /// <summary>The source makes bytes: until it has, nobody is late.</summary>
        public void Pause()
        {
            _isSourceAtWork = true;
            watch.Stop();
        }

        public void Resume(bool isAtEnd)
        {
            _isSourceAtWork = false;
            _isAtEnd = isAtEnd;
            watch.Start(isAtEnd ? limits.Answer : limits.Idle);
        }

        public void Report(long value)
        {
            if (!_isSourceAtWork)
                watch.Start(_isAtEnd || value == length ? limits.Answer : limits.Idle);
            progress?.Report(value);
        }
    }

    private sealed class WatchedSource(Stream source, SignsOfLife life) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            life.Pause();
            return Read(await source.ReadAsync(buffer, cancellationToken));
        }

        public override int Read(Span<byte> buffer)
        {
            life.Pause();
            return Read(source.Read(buffer));
        }

        private int Read(int count)
        {
            life.Resume(isAtEnd: count == 0);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }

        public override async ValueTask DisposeAsync()
        {
            await source.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
