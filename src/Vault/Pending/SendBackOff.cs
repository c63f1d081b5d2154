using System.Buffers.Binary;

namespace Coffer.Vaults.Pending;

/// <summary>
/// How long the queue rests after attempts that failed: one second, twice as long each time, up to five minutes, and half of it drawn, so that many devices do not come back at one moment. And how much goes together then: at first one
/// entry, twice as many each time that goes well, so that one that fails alone does not keep others from going.
/// </summary>
internal sealed class SendBackOff(VaultEnvironment environment)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>From so many entries on that went together, all go that can.</summary>
    private const int FullBurst = 4096;

    private Moment? _since;
    private TimeSpan _wait;

    /// <summary>How many attempts failed since one went well.</summary>
    public int Failures { get; private set; }

    /// <summary>How many entries may go together.</summary>
    public int Burst { get; private set; } = int.MaxValue;

    /// <summary>Whether all goes that can.</summary>
    public bool IsFull => Burst == int.MaxValue;

    /// <summary>How much of the rest is left; zero when there is none.</summary>
    public TimeSpan Left => _since is { } since && _wait - since.Elapsed(environment.Time) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    public void Succeeded()
    {
        Reset();
        Burst = Burst >= FullBurst / 2 ? int.MaxValue : Burst * 2;
    }

    /// <summary>The rest was waited for. The timer has the word, because it and the clock may differ by a little, or by a lot when the clock is set.</summary>
    public void Rested() => _since = null;

    /// <summary>The next attempt is made at once.</summary>
    public void Reset()
    {
        Failures = 0;
        _since = null;
    }

    public void Failed()
    {
        Burst = 1;
        // Attempts that were made side by side failed for one reason.
        if (Left > TimeSpan.Zero)
            return;
        Span<byte> drawn = stackalloc byte[2];
        environment.Random.Fill(drawn);
        var whole = Failures < 16 && First * (1 << Failures) is var doubled && doubled < Longest ? doubled : Longest;
        _wait = whole * (0.5 + (BinaryPrimitives.ReadUInt16BigEndian(drawn) / 131_072.0));
        _since = Moment.Now(environment.Time);
        Failures++;
    }
}
