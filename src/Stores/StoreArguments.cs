namespace Coffer.Stores;

/// <summary>
/// What can be said of an operation's arguments before any I/O: shared by the argument check, which says it for every provider, and by
/// <see cref="MemoryStore"/>, which is also used bare.
/// </summary>
internal static class StoreArguments
{
    public static void CheckKey(IStore store, StoreKey key, StoreOperation operation)
    {
        if (key.IsDefault)
            throw Refused(store, StoreErrorKind.InvalidKey, operation, key, "The default StoreKey is no key; make one with StoreKey.Parse");
    }

    public static void CheckKeys(IStore store, IReadOnlyList<StoreKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            CheckKey(store, key, StoreOperation.Delete);
    }

    public static void CheckRead(IStore store, StoreKey key, ReadOptions? options)
    {
        CheckKey(store, key, StoreOperation.Read);
        if (options?.IfNoneMatch is not null && !store.Capabilities.IfNoneMatch)
            throw Refused(store, StoreErrorKind.Unsupported, StoreOperation.Read, key, "A read that depends on the version (IfNoneMatch) is not supported");
    }

    public static void CheckPut(IStore store, StoreKey key, ObjectBody body, PutOptions? options)
    {
        ArgumentNullException.ThrowIfNull(body);
        CheckKey(store, key, StoreOperation.Put);
        if (PutFault(store.Capabilities, body, options ?? PutOptions.Default) is { } fault)
            throw Refused(store, StoreErrorKind.Unsupported, StoreOperation.Put, key, fault);
    }

    public static void CheckList(IStore store, string prefix, ListOptions? options)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (options?.PageSize is < 1)
            throw Refused(store, StoreErrorKind.Unsupported, StoreOperation.List, default, $"A page of a listing has 1 entry or more, not {options.PageSize}");
        if (HasLoneSurrogate(prefix))
            throw Refused(store, StoreErrorKind.InvalidKey, StoreOperation.List, default, "The prefix of a listing has a lone surrogate and so no UTF-8 form");
    }

    private static string? PutFault(StoreCapabilities can, ObjectBody body, PutOptions options)
    {
        if (body.Length > can.MaxSize)
            return $"An object of {body.Length} bytes is larger than the {can.MaxSize} that are possible";
        switch (options.Condition.Kind)
        {
            case PutConditionKind.Any:
                return null;
            case PutConditionKind.IfAbsent when !can.IfAbsent:
                return "A create-only put (IfAbsent) is not supported";
            case PutConditionKind.IfMatch when !can.IfMatch:
                return "A put that depends on the version (IfMatch) is not supported";
            case PutConditionKind.IfAbsent when body.Length is null:
                return "A create-only put needs a body of known length; name it, or spool the source first";
        }
        return can.MaxConditionalSize is not { } most || body.Length <= most ? null
            : body.Length is null ? "A conditional put needs a body of known length here; name it, or spool the source first"
            : $"A conditional put is one request of at most {most} bytes, and this body has {body.Length}";
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    private static StoreException Refused(IStore store, StoreErrorKind kind, StoreOperation operation, StoreKey key, string why) =>
        new(kind, $"{why} (store {store.Name}). Nothing was sent.") { Operation = operation, Key = key.IsDefault ? null : key.Value, StoreName = store.Name, HadNoEffect = true };
}
