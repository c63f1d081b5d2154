using System.Globalization;

namespace Coffer.Testing;

/// <summary>What the cases assert with. Each failure says what was expected and what was found.</summary>
internal static class Expect
{
    public static void That(bool holds, string expectation)
    {
        if (!holds)
            throw new ConformanceException($"Expected: {expectation}. It is not so.");
    }

    public static void Equal<T>(T expected, T found, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw new ConformanceException(string.Create(CultureInfo.InvariantCulture, $"Expected {what} to be {Shown(expected)}. Found {Shown(found)}."));
    }

    public static void Bytes(ReadOnlyMemory<byte> expectedBytes, ReadOnlyMemory<byte> foundBytes, string what)
    {
        var expected = expectedBytes.Span;
        var found = foundBytes.Span;
        if (expected.SequenceEqual(found))
            return;
        var at = expected.CommonPrefixLength(found);
        throw new ConformanceException(expected.Length != found.Length
            ? $"Expected {what} to have {expected.Length} bytes. Found {found.Length}; they differ from byte {at} on."
            : $"Expected {what} to be the bytes that were put. They differ at byte {at} of {expected.Length}: {expected[at]:x2} was put, {found[at]:x2} was found.");
    }

    public static void Sequence(IReadOnlyList<string> expected, IReadOnlyList<string> found, string what)
    {
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            var (wanted, actual) = (expected.ElementAtOrDefault(i), found.ElementAtOrDefault(i));
            if (!string.Equals(wanted, actual, StringComparison.Ordinal))
            {
                throw new ConformanceException(string.Create(CultureInfo.InvariantCulture,
                    $"Expected {what} to give {expected.Count} entries, and '{wanted ?? "(the end)"}' as number {i + 1}. Found {found.Count} entries, and '{actual ?? "(the end)"}' there."));
            }
        }
    }

    /// <summary>Runs what must fail with a kind of error, and gives the error.</summary>
    public static async Task<StoreException> ErrorAsync(StoreErrorKind kind, StoreOperation operation, string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (StoreException exception)
        {
            if (exception.Kind != kind)
                throw new ConformanceException($"Expected {what} to fail with {kind}. It failed with {exception.Kind}: {exception.Message}", exception);
            Equal(operation, exception.Operation ?? StoreOperation.Open, $"the operation named by the {kind} of {what}");
            That(exception.Message.Length > 0, $"the {kind} of {what} has a message");
            return exception;
        }
        catch (Exception exception) when (exception is not (ConformanceException or OperationCanceledException))
        {
            throw new ConformanceException($"Expected {what} to fail with {kind}. It failed with {exception.GetType().Name}: {exception.Message}", exception);
        }
        throw new ConformanceException($"Expected {what} to fail with {kind}. It succeeded.");
    }

    /// <summary>Runs what must be cancelled.</summary>
    public static async Task CancelledAsync(string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception) when (exception is not ConformanceException)
        {
            throw new ConformanceException($"Expected {what} to be cancelled (OperationCanceledException). It failed with {exception.GetType().Name}: {exception.Message}", exception);
        }
        throw new ConformanceException($"Expected {what} to be cancelled (OperationCanceledException). It succeeded.");
    }

    public static async Task ContentAsync(IStore store, StoreKey key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken) =>
        Bytes(expected, await store.ReadBytesAsync(key, cancellationToken: cancellationToken), $"the content of '{key}'");

    public static async Task AbsentAsync(IStore store, StoreKey key, CancellationToken cancellationToken)
    {
        Equal(null, await store.StatAsync(key, cancellationToken), $"the stat of '{key}', which does not exist,");
        var found = await store.NamesAsync(key.Value, cancellationToken: cancellationToken);
        That(!found.Contains(key.Value, StringComparer.Ordinal), $"a listing does not give '{key}', which does not exist");
    }

    /// <summary>The names that a listing gives.</summary>
    public static async Task<List<string>> NamesAsync(this IStore store, string prefix, ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(prefix, options, cancellationToken))
            names.Add(entry.Name);
        return names;
    }

    private static string Shown<T>(T value) => value is null ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
