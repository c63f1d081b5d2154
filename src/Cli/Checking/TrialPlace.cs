using System.Security.Cryptography;

namespace Coffer.Cli.Checking;

/// <summary>Where trials take place: below a random prefix of the store, met over two connections of its own, as two machines would.</summary>
internal sealed class TrialPlace(IStore store, IStore other)
{
    private int _keys;

    public IStore Store { get; } = store;

    /// <summary>The same place, opened a second time.</summary>
    public IStore Other { get; } = other;

    /// <summary>A key that nobody used.</summary>
    public StoreKey NewKey(string name = "object") => StoreKey.Parse($"{name}-{Interlocked.Increment(ref _keys)}");

    /// <summary>A folder that nobody used, with its <c>/</c>.</summary>
    public string NewFolder(string name) => $"{NewKey(name)}/";

    /// <summary>Bytes that nothing else has.</summary>
    public static byte[] NewBytes(int length = 100) => RandomNumberGenerator.GetBytes(length);

    /// <summary>Runs something, and gives the kind of the error that the store answered with; null when it went well.</summary>
    public static async Task<StoreErrorKind?> KindOfErrorAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (StoreException e)
        {
            return e.Kind;
        }
    }

    /// <summary>What is wrong with the object under a key; null when it has exactly these bytes.</summary>
    public async Task<string?> FaultOfAsync(StoreKey key, byte[] expected, CancellationToken cancellationToken)
    {
        var bytes = await Store.ReadBytesAsync(key, limit: Math.Max(expected.Length * 2, 1 << 20), cancellationToken: cancellationToken);
        return bytes.AsSpan().SequenceEqual(expected) ? null : $"what was read is not what was put ({bytes.Length} bytes in place of {expected.Length})";
    }
}
