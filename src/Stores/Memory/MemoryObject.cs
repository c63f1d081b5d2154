namespace Coffer.Stores;

/// <summary>One object of a <see cref="MemoryStore"/>. Its bytes never change.</summary>
internal sealed record MemoryObject(StoreKey Key, ReadOnlyMemory<byte> Bytes, ObjectVersion Version, DateTimeOffset Written)
{
    public ObjectInfo InfoAt(DateTimeOffset now) => new(Key, Bytes.Length) { Version = Version, LastModified = Written, StoreTime = now };
}
