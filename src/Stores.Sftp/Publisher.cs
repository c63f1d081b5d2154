namespace Coffer.Stores.Sftp;

/// <summary>
/// Gives a written file its key's name, in one step: by a hard link, which fails when the name is taken, for a create-only put; by a rename that replaces otherwise. Then
/// the folder is synced.
/// </summary>
internal sealed class Publisher(SftpConnection connection, Tree tree, TemporaryFile file, StoreKey key, PutCondition condition, Place place)
{
    /// <summary>How often a folder may vanish, or an object come and go, before we stop.</summary>
    private const int MaxAttempts = 100;

    /// <summary>How often the server may fail without a reason that can be seen.</summary>
    private const int MaxFailures = 10;

    private readonly string _target = tree.Paths.Of(key.Value);
    private readonly string _folder = RemotePath.Split(key.Value).Folder;

    /// <summary>Whether the request that creates the object may have been sent, and its answer is not known.</summary>
    public bool MayHaveCreated { get; private set; }

    private bool IsCreateOnly => condition.Kind == PutConditionKind.IfAbsent;

    /// <summary>Refuses what stands at the key and cannot be replaced.</summary>
    /// <exception cref="StoreException">An object, for a create-only put; an object above the key.</exception>
    public void Refuse(Sight sight)
    {
        if (sight.FileOnTheWay is { } above)
            throw place.Error(StoreErrorKind.InvalidKey, $"'{above}' is an object, and a file system cannot keep another one below it. Use another key.");
        if (IsCreateOnly && sight.Target is { IsFile: true })
            throw place.Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{place.StoreName}'.");
    }

    /// <summary>Gives the file its name, and waits until the disk has it.</summary>
    public async Task PublishAsync(Sight sight, CancellationToken cancellationToken)
    {
        await tree.MakeAsync(connection, sight.MissingFolders);
        var failures = 0;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var status = await NameAsync();
            if (status.IsOk)
            {
                await SettleAsync();
                return;
            }
            // Most servers do not say that a name is taken, nor by what: look.
            sight = await tree.LookAtObjectAsync(connection, key, place);
            Refuse(sight);
            if (status.IsNotFound)
                await MakeAgainAsync(sight);
            else if (sight.Target is { IsFolder: true })
                await RemoveFolderAsync();
            else if (++failures > MaxFailures || status.Code is not (StatusCode.Failure or StatusCode.AlreadyExists))
                throw new SftpStatusException(status, IsCreateOnly ? "create" : "replace", _target);
        }
        throw place.Error(StoreErrorKind.Unavailable, $"The folder of '{key}' is removed again each time that it is made. Look for another program that cleans it up.");
    }

    private async Task<SftpStatus> NameAsync()
    {
        if (!IsCreateOnly)
        {
            var renamed = await connection.PosixRenameAsync(file.Path, _target);
            file.HasName = !renamed.IsOk;
            return renamed;
        }
        MayHaveCreated = true;
        var linked = await connection.HardLinkAsync(file.Path, _target);
        // It is settled, but the object may yet have to be synced.
        MayHaveCreated = linked.IsOk;
        return linked;
    }

    private async Task MakeAgainAsync(Sight sight)
    {
        if (sight.MissingFolders.Count == 0 && await connection.LookAsync(file.Path) is null)
        {
            throw place.Error(StoreErrorKind.Unavailable,
                $"The temporary file '{file.Path}' was removed while it was written. Nothing was stored; try again, and look for what cleans up that folder.");
        }
        await tree.MakeRootAsync(connection, place);
        await tree.MakeAsync(connection, sight.MissingFolders);
    }

    private async Task RemoveFolderAsync()
    {
        if (!await tree.RemoveWhenWithoutObjectsAsync(connection, key.Value))
            throw place.Error(StoreErrorKind.InvalidKey, $"'{key}' is a folder with objects in it, and a file system cannot keep an object beside it under the same name. Use another key.");
    }

    /// <summary>Syncs the folder and removes the temporary name.</summary>
    private async Task SettleAsync()
    {
        var removing = file.HasName ? connection.RemoveAsync(file.Path) : Task.FromResult(default(SftpStatus));
        await Task.WhenAll(removing, tree.SyncAsync(connection, _folder));
        file.HasName = false;
        MayHaveCreated = false;
    }
}
