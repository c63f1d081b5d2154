using System.Collections.Concurrent;

namespace Coffer.Stores.Sftp;

/// <summary>
/// The folders below the root. Links are looked for on the whole way before each step, all at once; the protocol has no way to look and act in one step, so this
/// holds off accidents and not somebody who exchanges folders for links in the moment between.
/// </summary>
internal sealed class Tree(RemotePath paths, bool create, bool fsync)
{
    private const int MostFolderAttempts = 5;

    public RemotePath Paths => paths;

    /// <summary>The folders that this store made beside those of its objects, the innermost on top: the root with its parents, and the hidden one.</summary>
    public ConcurrentStack<string> Traces { get; } = new();

    /// <summary>Removes them, as far as they are empty.</summary>
    public async Task RemoveTracesAsync(SftpConnection connection)
    {
        while (Traces.TryPeek(out var folder))
        {
            var status = await connection.RemoveFolderAsync(folder);
            if (!status.IsOk && !status.IsNotFound)
                return;
            Traces.TryPop(out _);
        }
    }

    /// <summary>Looks at a key's file and all folders on the way to it, in one turn.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">The key, or a folder's path below the root.</param>
    /// <param name="place">The operation.</param>
    /// <exception cref="StoreException">A link is on the way.</exception>
    public async Task<Sight> LookAsync(SftpConnection connection, string path, Place place)
    {
        var folders = RemotePath.FoldersTo(path);
        var looks = await Task.WhenAll(folders.Append(path).Select(each => connection.LookAsync(paths.Of(each))));
        for (var i = 0; i < folders.Count; i++)
        {
            if (looks[i] is { IsFolder: false, IsFile: false })
                throw place.Error(StoreErrorKind.InvalidKey, $"'{paths.Of(folders[i])}' is a symbolic link or a special file, and this store follows none below its root.");
            if (looks[i] is { IsFile: true })
                return new Sight(null, [], folders[i]);
        }
        return new Sight(looks[^1], [.. folders.Where((_, i) => looks[i] is null)], null);
    }

    /// <summary>As <see cref="LookAsync"/>, for what is to be an object.</summary>
    /// <exception cref="StoreException">A link or a special file stands there or is on the way.</exception>
    public async Task<Sight> LookAtObjectAsync(SftpConnection connection, StoreKey key, Place place)
    {
        var sight = await LookAsync(connection, key.Value, place);
        return sight.Target is { IsFile: false, IsFolder: false } ? throw NoObject(key, place) : sight;
    }

    public StoreException NoObject(StoreKey key, Place place) => place.Error(StoreErrorKind.InvalidKey,
        $"'{paths.Of(key.Value)}' is a symbolic link or a special file, and this store neither follows nor replaces those. Remove it, or use another key.");

    /// <summary>Makes the folders that are missing, from the outermost on.</summary>
    public async Task MakeAsync(SftpConnection connection, IEnumerable<string> missing)
    {
        foreach (var folder in missing)
        {
            await MakeOneAsync(connection, paths.Of(folder));
            await SyncAsync(connection, RemotePath.Split(folder).Folder);
        }
    }

    /// <summary>Makes the root when it may be made.</summary>
    /// <exception cref="StoreException">It is missing and may not, or it is no folder.</exception>
    public async Task MakeRootAsync(SftpConnection connection, Place place)
    {
        if (await connection.FollowAsync(paths.Root) is { } found)
        {
            if (!found.IsFolder)
                throw place.Error(StoreErrorKind.NotFound, $"'{paths.Root}' is no folder on {connection.Target}, and an SFTP store is one.");
            return;
        }
        if (!create)
            throw place.Error(StoreErrorKind.NotFound, $"There is no folder '{paths.Root}' on {connection.Target}. Make it there, correct the URL, or let the store make it with the option 'create=true'.");
        foreach (var folder in RemotePath.FoldersTo(paths.Root).Append(paths.Root))
        {
            if (folder.Length > 0 && await connection.FollowAsync(folder) is null && await MakeOneAsync(connection, folder))
                Traces.Push(folder);
        }
    }

    /// <summary>
    /// Makes a folder. One that is there already is success, and so is one that somebody removed again: whoever needs it will see. "It is there" has no answer of its own, so after a failure
    /// it is looked at; where nothing is, somebody may have removed it between the two, and it is tried again.
    /// </summary>
    /// <returns>Whether this call made it.</returns>
    public static async Task<bool> MakeOneAsync(SftpConnection connection, string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var status = await connection.MakeFolderAsync(folder);
            if (status.IsOk || status.IsNotFound || await connection.LookAsync(folder) is not null)
                return status.IsOk;
            if (attempt == MostFolderAttempts)
                throw new SftpStatusException(status, "make the folder", folder);
        }
    }

    /// <summary>Waits until the server's disk has the names that a folder has now, when that is wanted. Those who wait at the same time share it.</summary>
    public Task SyncAsync(SftpConnection connection, string folder) => fsync ? connection.FolderSync.RunAsync(paths.Of(folder)) : Task.CompletedTask;

    /// <summary>Removes folders that hold no object, from the innermost on, as far as they are empty.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="folders">Paths below the root.</param>
    public async Task RemoveEmptyAsync(SftpConnection connection, IEnumerable<string> folders)
    {
        var open = folders.Where(static folder => folder.Length > 0).ToHashSet(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var turn = open.ToArray();
            var removed = await Task.WhenAll(turn.Select(folder => connection.RemoveFolderAsync(paths.Of(folder))));
            // The folder above may be empty now, too.
            open = turn.Where((_, i) => removed[i].IsOk).Select(static folder => RemotePath.Split(folder).Folder).Where(static folder => folder.Length > 0).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Removes a folder and the folders in it, when no object is in any of them.</summary>
    public async Task<bool> RemoveWhenWithoutObjectsAsync(SftpConnection connection, string folder)
    {
        var status = await connection.RemoveFolderAsync(paths.Of(folder));
        if (status.IsOk || status.IsNotFound)
            return true;
        var items = await FolderReader.ReadAsync(connection, paths.Of(folder));
        foreach (var item in items ?? [])
        {
            if (item.Name is not { } name || !item.Attributes.IsFolder || !await RemoveWhenWithoutObjectsAsync(connection, RemotePath.Join(folder, name)))
                return false;
        }
        status = await connection.RemoveFolderAsync(paths.Of(folder));
        return status.IsOk || status.IsNotFound;
    }
}

/// <summary>What stands at a path.</summary>
/// <param name="Target">What is known of it; null when there is nothing.</param>
/// <param name="MissingFolders">The folders on the way that are missing, from the outermost on.</param>
/// <param name="FileOnTheWay">The object on the way, which cannot have others below it; null when there is none.</param>
internal readonly record struct Sight(SftpAttributes? Target, IReadOnlyList<string> MissingFolders, string? FileOnTheWay);
