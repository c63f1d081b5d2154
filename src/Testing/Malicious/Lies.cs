namespace Coffer.Testing;

/// <summary>The lies that an operator of a store can tell without any key.</summary>
public static class Lies
{
    /// <summary>Turns one bit of an object over.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">Which byte; below zero it counts from the end.</param>
    /// <param name="bit">Which bits of it.</param>
    public static Lie Flip(StoreKey key, long offset, byte bit = 1) => Alter(key, bytes =>
    {
        var at = offset < 0 ? bytes.Length + offset : offset;
        if (at >= 0 && at < bytes.Length)
            bytes[at] ^= bit;
        return bytes;
    });

    /// <summary>Shows the beginning of an object alone.</summary>
    public static Lie Truncate(StoreKey key, int length) => Alter(key, bytes => bytes[..Math.Min(length, bytes.Length)]);

    /// <summary>Shows an object with more bytes at its end.</summary>
    public static Lie Extend(StoreKey key, byte[] more) => Alter(key, bytes => [.. bytes, .. more]);

    /// <summary>Shows an object with other bytes.</summary>
    /// <param name="key">The object.</param>
    /// <param name="change">Makes what is shown of a copy of what is there.</param>
    public static Lie Alter(StoreKey key, Func<byte[], byte[]> change) => new Altered(key, change);

    /// <summary>Shows bytes under a key, whether there is an object or not.</summary>
    public static Lie Inject(StoreKey key, byte[] bytes) => new Injected(key, bytes);

    /// <summary>Shows each of two objects in the other's place.</summary>
    public static Lie Swap(StoreKey one, StoreKey other) => new Redirected(new Dictionary<StoreKey, StoreKey> { [one] = other, [other] = one });

    /// <summary>Shows an object under another key as well: a copy, be it in another folder, segment, realm or vault.</summary>
    public static Lie Copy(StoreKey from, StoreKey to) => new Redirected(new Dictionary<StoreKey, StoreKey> { [to] = from });

    /// <summary>Shows an object under another key, and no more under its own.</summary>
    public static Lie Move(StoreKey from, StoreKey to) => new Both(Copy(from, to), Hide(key => key == from));

    /// <summary>Hides all objects of which this holds: one, the end of a writer, a writer, a segment, the end of the ledger.</summary>
    public static Lie Hide(Func<StoreKey, bool> which) => new Hidden(which);

    /// <summary>Hides one object.</summary>
    public static Lie Hide(StoreKey key) => Hide(other => other == key);

    /// <summary>Shows objects as they were in a snapshot, and none that came later.</summary>
    /// <param name="snapshot">How it was.</param>
    /// <param name="which">Which objects; null for all.</param>
    public static Lie RollBack(StoreSnapshot snapshot, Func<StoreKey, bool>? which = null) => new RolledBack(snapshot, which ?? (static _ => true));

    /// <summary>Lists what there was in a snapshot; what is read is as it is now.</summary>
    public static Lie StaleListing(StoreSnapshot snapshot, Func<StoreKey, bool>? which = null) => new Stale(snapshot, which ?? (static _ => true));

    /// <summary>Says other things of objects than are so: sizes, versions, times.</summary>
    public static Lie Misdescribe(Func<ObjectInfo, ObjectInfo> describe) => new Misdescribed(describe);

    /// <summary>Answers late.</summary>
    /// <param name="by">How late.</param>
    /// <param name="time">By which clock; null for the system's.</param>
    public static Lie Delay(TimeSpan by, TimeProvider? time = null) => new Late(by, time ?? TimeProvider.System);

    /// <summary>Sends bodies without an end, in the place of what is there.</summary>
    /// <param name="which">Of which objects.</param>
    /// <param name="stated">How long each is said to be; null for its true length.</param>
    public static Lie EndlessBody(Func<StoreKey, bool> which, long? stated = null) => new Endless(which, stated);

    /// <summary>Lists names without an end below a prefix, behind those that are there.</summary>
    /// <param name="prefix">The prefix of the listing that is meant.</param>
    /// <param name="name">The n-th name that is made up, ascending.</param>
    public static Lie EndlessListing(string prefix, Func<long, StoreKey> name) => new EndlessNames(prefix, name);

    private sealed class Altered(StoreKey key, Func<byte[], byte[]> change) : Lie
    {
        public override byte[]? Bytes(StoreKey asked, byte[]? bytes) => asked == key && bytes is not null ? change([.. bytes]) : bytes;
    }

    private sealed class Injected(StoreKey key, byte[] shown) : Lie
    {
        public override IEnumerable<StoreKey> Invents => [key];

        public override byte[]? Bytes(StoreKey asked, byte[]? bytes) => asked == key ? shown : bytes;
    }

    private sealed class Redirected(Dictionary<StoreKey, StoreKey> instead) : Lie
    {
        public override IEnumerable<StoreKey> Invents => instead.Keys;

        public override StoreKey Instead(StoreKey key) => instead.GetValueOrDefault(key, key);
    }

    private sealed class Hidden(Func<StoreKey, bool> which) : Lie
    {
        public override bool Hides(StoreKey key) => which(key);
    }

    private sealed class Both(Lie first, Lie second) : Lie
    {
        public override IEnumerable<StoreKey> Invents => first.Invents.Concat(second.Invents);

        public override bool Hides(StoreKey key) => first.Hides(key) || second.Hides(key);

        public override StoreKey Instead(StoreKey key) => second.Instead(first.Instead(key));

        public override byte[]? Bytes(StoreKey key, byte[]? bytes) => second.Bytes(key, first.Bytes(key, bytes));
    }

    private sealed class RolledBack(StoreSnapshot snapshot, Func<StoreKey, bool> which) : Lie
    {
        public override IEnumerable<StoreKey> Invents => snapshot.Keys.Where(which);

        public override bool Hides(StoreKey key) => which(key) && !snapshot.Holds(key);

        public override byte[]? Bytes(StoreKey key, byte[]? bytes) => which(key) ? snapshot.BytesOf(key) : bytes;

        public override ObjectInfo Describe(ObjectInfo info) => which(info.Key) && snapshot.InfoOf(info.Key) is { } known
            ? info with { Version = known.Version, LastModified = known.LastModified }
            : info;
    }

    private sealed class Stale(StoreSnapshot snapshot, Func<StoreKey, bool> which) : Lie
    {
        public override async IAsyncEnumerable<ObjectInfo> List(string prefix, IAsyncEnumerable<ObjectInfo> entries)
        {
            await foreach (var entry in entries)
            {
                if (!which(entry.Key) || snapshot.Holds(entry.Key))
                    yield return entry;
            }
        }
    }

    private sealed class Misdescribed(Func<ObjectInfo, ObjectInfo> describe) : Lie
    {
        public override ObjectInfo Describe(ObjectInfo info) => describe(info);
    }

    private sealed class Late(TimeSpan by, TimeProvider time) : Lie
    {
        public override ValueTask AnswerAsync(StoreOperation operation, string name, CancellationToken cancellationToken) => new(Task.Delay(by, time, cancellationToken));
    }

    private sealed class Endless(Func<StoreKey, bool> which, long? stated) : Lie
    {
        public override ObjectInfo Describe(ObjectInfo info) => which(info.Key) && stated is { } size ? info with { Size = size } : info;

        public override Stream Send(StoreKey key, Stream content) => which(key) ? new PatternStream(1, long.MaxValue) : content;
    }

    private sealed class EndlessNames(string wanted, Func<long, StoreKey> name) : Lie
    {
        public override async IAsyncEnumerable<ObjectInfo> List(string prefix, IAsyncEnumerable<ObjectInfo> entries)
        {
            await foreach (var entry in entries)
                yield return entry;
            if (prefix != wanted)
                yield break;
            for (var i = 0L; ; i++)
                yield return new ObjectInfo(name(i), 100);
        }
    }
}
