namespace Coffer.Testing;

/// <summary>Does each operation on a store and on a dictionary, and compares what they say.</summary>
internal sealed class ModelRun(IStore store, string prefix)
{
    private readonly Dictionary<string, byte[]> _model = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectVersion> _oldVersions = new(StringComparer.Ordinal);

    public async Task DoAsync(ModelOperation operation, CancellationToken cancellationToken)
    {
        var name = prefix + operation.KeyName;
        var key = StoreKey.Parse(name);
        switch (operation.Verb)
        {
            case ModelVerb.Put:
                await PutAsync(key, operation, PutCondition.Any, null, cancellationToken);
                return;
            case ModelVerb.Create:
                if (store.Capabilities.IfAbsent)
                    await PutAsync(key, operation, PutCondition.IfAbsent, _model.ContainsKey(name) ? StoreErrorKind.AlreadyExists : null, cancellationToken);
                return;
            case ModelVerb.ReplaceKnown or ModelVerb.ReplaceOld:
                var versions = operation.Verb == ModelVerb.ReplaceKnown ? _versions : _oldVersions;
                if (!store.Capabilities.IfMatch || !versions.TryGetValue(name, out var version))
                    return;
                var holds = operation.Verb == ModelVerb.ReplaceKnown && _model.ContainsKey(name);
                await PutAsync(key, operation, PutCondition.IfMatch(version), holds ? null : StoreErrorKind.ConditionFailed, cancellationToken);
                return;
            case ModelVerb.Delete:
                await store.DeleteAsync(key, cancellationToken);
                Forget(name);
                return;
            case ModelVerb.DeleteMany:
                var other = StoreKey.Parse(prefix + ModelOperation.Keys[operation.Other % ModelOperation.Keys.Length]);
                await store.DeleteManyAsync([key, other], cancellationToken);
                Forget(name);
                Forget(other.Value);
                return;
            case ModelVerb.Stat:
                var info = await store.StatAsync(key, cancellationToken);
                Expect.Equal(_model.TryGetValue(name, out var bytes) ? bytes.Length : null, info?.Size, $"the size of '{key}' (nothing when it is absent)");
                if (info is not null && store.Capabilities.StrongVersions)
                    Expect.Equal(_versions[name], info.Version, $"the version of '{key}'");
                return;
            case ModelVerb.Read:
                await ReadAsync(key, null, cancellationToken);
                return;
            case ModelVerb.ReadRange:
                await ReadAsync(key, new ByteRange(operation.Other * 13 % 4000, 1 + (operation.Other % 900)), cancellationToken);
                return;
            default:
                var options = new ListOptions { StartAfter = operation.StartAfter is { } after ? prefix + after : null, Shallow = operation.Verb == ModelVerb.ListShallow };
                Expect.Sequence(ListModel.Names(_model.Keys, prefix + operation.Prefix, options), await store.NamesAsync(prefix + operation.Prefix, options, cancellationToken), operation.ToString());
                return;
        }
    }

    /// <summary>Looks at everything, once all operations are done.</summary>
    public async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        Expect.Sequence(ListModel.Names(_model.Keys, prefix), await store.NamesAsync(prefix, cancellationToken: cancellationToken), "the listing at the end");
        foreach (var (name, bytes) in _model)
            await Expect.ContentAsync(store, StoreKey.Parse(name), bytes, cancellationToken);
        await store.DeleteManyAsync([.. _model.Keys.Select(StoreKey.Parse)], cancellationToken);
    }

    private async Task PutAsync(StoreKey key, ModelOperation operation, PutCondition condition, StoreErrorKind? fails, CancellationToken cancellationToken)
    {
        var (content, options) = (operation.Content, new PutOptions { Condition = condition });
        if (fails is { } kind)
        {
            await Expect.ErrorAsync(kind, StoreOperation.Put, operation.ToString(), async () => await store.PutBytesAsync(key, content, options, cancellationToken));
            return;
        }
        try
        {
            var info = await store.PutBytesAsync(key, content, options, cancellationToken);
            Forget(key.Value);
            _model[key.Value] = content;
            if (info.Version is { } version)
                _versions[key.Value] = version;
        }
        catch (StoreException exception) when (exception.Kind == StoreErrorKind.InvalidKey && !_model.ContainsKey(key.Value))
        {
            // A file system has no room for it: either it cannot keep the key at all, or another key is in its way. It must then stay absent.
        }
    }

    private async Task ReadAsync(StoreKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        async Task<byte[]> Read() => await store.ReadBytesAsync(key, range, cancellationToken: cancellationToken);
        if (!_model.TryGetValue(key.Value, out var bytes))
            await Expect.ErrorAsync(StoreErrorKind.NotFound, StoreOperation.Read, $"reading '{key}', which is absent", Read);
        else if (range is { } part && part.LengthWithin(bytes.Length) is null)
            await Expect.ErrorAsync(StoreErrorKind.RangeNotSatisfiable, StoreOperation.Read, $"reading {part} of '{key}', which has {bytes.Length} bytes", Read);
        else
            Expect.Bytes(range is { } within ? bytes.AsMemory((int)within.Offset, (int)within.LengthWithin(bytes.Length)!.Value) : bytes, await Read(), $"{range?.ToString() ?? "all"} of '{key}'");
    }

    private void Forget(string name)
    {
        if (_versions.Remove(name, out var version))
            _oldVersions[name] = version;
        _model.Remove(name);
    }
}
