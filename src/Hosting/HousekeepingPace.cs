using Coffer.Vaults;

namespace Coffer.Hosting;

/// <summary>When the rounds begin: never at the same time on several hosts that started together, and less often while they fail.</summary>
/// <param name="interval">How long from one round to the next.</param>
/// <param name="random">Where the differences come from.</param>
internal sealed class HousekeepingPace(TimeSpan interval, IRandomSource random)
{
    private static readonly TimeSpan LongestAfterFailures = TimeSpan.FromDays(1);

    /// <summary>How long after the start the first round begins: up to a quarter of the interval, so that a host that is started often gets to it too.</summary>
    public TimeSpan First() => interval / 4 * Fraction();

    /// <summary>How long after a round the next one begins, a quarter more or less: twice as long for each failure in a row, up to a day.</summary>
    /// <param name="failures">How many rounds failed in a row.</param>
    public TimeSpan Next(int failures)
    {
        var wait = interval;
        for (var i = 0; i < failures && wait < LongestAfterFailures; i++)
            wait = wait * 2 < LongestAfterFailures ? wait * 2 : LongestAfterFailures;
        return wait * (0.75 + (Fraction() / 2));
    }

    /// <summary>From 0 to 1.</summary>
    private double Fraction()
    {
        Span<byte> bytes = stackalloc byte[2];
        random.Fill(bytes);
        return BitConverter.ToUInt16(bytes) / (double)ushort.MaxValue;
    }
}
