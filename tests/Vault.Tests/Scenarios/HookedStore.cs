using System.Runtime.CompilerServices;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A store that remembers the order of puts, lets a test do something before one, and hides what it is told to hide.</summary>
internal sealed class HookedStore(IStore inner) : DelegatingStore(inner)
{
    private readonly Lock _lock = new();
    private readonly List<string> _puts = [];
    private readonly List<string> _lists = [];

    /// <summary>Called with the key of each put, before it is made.</summary>
    public Func<string, Task> BeforePut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called with the key of each put that succeeded, before the caller learns it.</summary>
    public Func<string, Task> AfterPut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called with the key of each read, before it is made.</summary>
    public Func<string, Task> BeforeRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Does something once, before the next put of a key that begins so: what another device does in that moment.</summary>
    public void BeforeNext(string prefix, Func<Task> what) => BeforePut = key =>
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
            return Task.CompletedTask;
        BeforePut = static _ => Task.CompletedTask;
        return what();
    };

    public Func<string, bool> Hides { get; set; } = static _ => false;

    /// <summary>Which objects cannot be read, though they are listed: the server is not well.</summary>
    public Func<string, bool> FailsToRead { get; set; } = static _ => false;

    /// <summary>Whether listings tell the time of the store.</summary>
    public bool TellsTime { get; init; } = true;

    public StoreCapabilities? Pretended { get; init; }

    public override StoreCapabilities Capabilities => Pretended ?? base.Capabilities;

    /// <summary>The keys of the puts that succeeded, in their order.</summary>
    public IReadOnlyList<string> Puts
    {
        get
        {
            lock (_lock)
                return [.. _puts];
        }
    }

    /// <summary>The prefixes that were listed, in their order.</summary>
    public IReadOnlyList<string> Lists
    {
        get
        {
            lock (_lock)
                return [.. _lists];
        }
    }

    /// <summary>How many entries all listings gave.</summary>
    public int Entries { get; private set; }

    public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeforePut(key.Value);
        var info = await base.PutAsync(key, body, options, cancellationToken);
        lock (_lock)
            _puts.Add(key.Value);
        await AfterPut(key.Value);
        return info;
    }

    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeforeRead(key.Value);
        return Hides(key.Value) ? throw new StoreException(StoreErrorKind.NotFound, $"'{key}' is hidden.")
            : FailsToRead(key.Value) ? throw new StoreException(StoreErrorKind.Unavailable, $"'{key}' cannot be read now.")
            : await base.OpenReadAsync(key, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        lock (_lock)
            _lists.Add(prefix);
        await foreach (var entry in base.ListAsync(prefix, options, cancellationToken))
        {
            if (Hides(entry.Name))
                continue;
            lock (_lock)
                Entries++;
            yield return TellsTime ? entry : entry with { StoreTime = null };
        }
    }
}
