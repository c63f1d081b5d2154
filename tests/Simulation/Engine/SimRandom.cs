using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Coffer.Simulation;

/// <summary>
/// One stream of random numbers: xoshiro256** (Blackman and Vigna 2018), begun with the SHA-256 of the seed and the stream's name. Each part of a simulation
/// has a stream of its own, so that one more draw in one part changes nothing in another.
/// </summary>
internal sealed class SimRandom
{
    private readonly ulong[] _state = new ulong[4];

    public SimRandom(long seed, string stream) => Begin(seed, stream);

    /// <summary>Goes on as another stream.</summary>
    public void Begin(long seed, string stream)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{stream}"));
        for (var i = 0; i < _state.Length; i++)
            _state[i] = BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8 * i));
    }

    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_state[1] * 5, 7) * 9;
        var t = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= t;
        _state[3] = BitOperations.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>From 0 to below 1.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(NextDouble() * end);

    /// <summary>Both ends may come.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of the items, each as often as its weight says.</summary>
    public T Weighted<T>(IReadOnlyList<(int Weight, T Item)> items)
    {
        var place = Below(items.Sum(item => item.Weight));
        foreach (var (weight, item) in items)
        {
            if (place < weight)
                return item;
            place -= weight;
        }
        throw new InvalidOperationException("The weights are all zero.");
    }

    /// <summary>Mostly short, sometimes long: exponential, cut off at ten times the mean.</summary>
    public TimeSpan About(TimeSpan mean) => mean * Math.Min(10, -Math.Log(1 - NextDouble()));

    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        for (; bytes.Length > 0; bytes = bytes[Math.Min(8, bytes.Length)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextBits());
            word[..Math.Min(8, bytes.Length)].CopyTo(bytes);
        }
    }
}
