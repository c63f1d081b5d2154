namespace Coffer.Stores;

/// <summary>
/// The body of a put under a <see cref="Watchdog"/>: each time the store comes for more bytes shows that it is alive, and while the source makes them nobody
/// is late. When the body has ended, the store has the time for an answer.
/// </summary>
internal static class WatchedBody
{
    public static (ObjectBody Body, PutOptions Options) Of(ObjectBody body, PutOptions options, Watchdog watch, TimeoutOptions limits)
    {
        // Bytes in memory stay what they are, so that the store need not copy them; it tells by progress when it reads them as a stream.
        if (body.Memory is not null)
            return (body, options with { Progress = new WatchedProgress(options.Progress, body.Length, watch, limits) });
        var watched = ObjectBody.FromSource(
            async token =>
            {
                watch.Stop();
                var source = await body.OpenAsync(cancellationToken: token);
                watch.Start(limits.Idle);
                return new WatchedSource(source, watch, limits);
            },
            body.Length,
            body.CanReopen);
        return (watched, options);
    }

    private sealed class WatchedProgress(IProgress<long>? progress, long? length, Watchdog watch, TimeoutOptions limits) : IProgress<long>
    {
        public void Report(long value)
        {
            watch.Start(value == length ? limits.Answer : limits.Idle);
            progress?.Report(value);
        }
    }

    private sealed class WatchedSource(Stream source, Watchdog watch, TimeoutOptions limits) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            watch.Stop();
            return Read(await source.ReadAsync(buffer, cancellationToken));
        }

        public override int Read(Span<byte> buffer)
        {
            watch.Stop();
            return Read(source.Read(buffer));
        }

        private int Read(int count)
        {
            watch.Start(count == 0 ? limits.Answer : limits.Idle);
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
