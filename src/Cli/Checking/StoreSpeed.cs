using System.Diagnostics;
using System.Security.Cryptography;

namespace Coffer.Cli.Checking;

/// <summary>How fast a store is, from here and now.</summary>
/// <param name="RoundTrip">The median of small requests, one after the other.</param>
/// <param name="PutBytesPerSecond">One object, up.</param>
/// <param name="GetBytesPerSecond">The same object, down.</param>
internal sealed record StoreSpeed(TimeSpan RoundTrip, double PutBytesPerSecond, double GetBytesPerSecond)
{
    private const int RoundTrips = 21;
    private const int BlockSize = 1 << 20;

    /// <summary>Measures it.</summary>
    /// <param name="place">Where.</param>
    /// <param name="size">The size of the object, in bytes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<StoreSpeed> MeasureAsync(TrialPlace place, long size, CancellationToken cancellationToken)
    {
        var small = place.NewKey();
        await place.Store.PutBytesAsync(small, TrialPlace.NewBytes(), cancellationToken: cancellationToken);
        var trips = new List<TimeSpan>();
        for (var trip = 0; trip < RoundTrips; trip++)
            trips.Add(await TimeAsync(async () => await place.Store.StatAsync(small, cancellationToken)));
        var large = place.NewKey("large");
        var put = await TimeAsync(async () =>
            await place.Store.PutAsync(large, ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new RandomStream(size)), size, canReopen: true), cancellationToken: cancellationToken));
        var get = await TimeAsync(async () =>
        {
            await using var reader = await place.Store.OpenReadAsync(large, cancellationToken: cancellationToken);
            await reader.Content.CopyToAsync(Stream.Null, BlockSize, cancellationToken);
        });
        return new StoreSpeed(trips.Order().ElementAt(RoundTrips / 2), size / put.TotalSeconds, size / get.TotalSeconds);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>As many bytes as wanted, of one random block again and again: too random to be compressed on the way.</summary>
    private sealed class RandomStream(long length) : ReadOnlyStream
    {
        private readonly byte[] _block = RandomNumberGenerator.GetBytes((int)Math.Min(BlockSize, length));
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            var from = _block.AsSpan((int)(_position % _block.Length));
            var count = (int)Math.Min(Math.Min(from.Length, buffer.Length), length - _position);
            from[..count].CopyTo(buffer);
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
