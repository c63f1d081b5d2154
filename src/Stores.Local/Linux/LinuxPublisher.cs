using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>
/// Gives a written file its key's name: the file is synced; then <c>link(2)</c>, which fails when the name is taken, or <c>rename(2)</c> puts it in its
/// place in one step, and the folder is synced. (<c>File.Move(overwrite: false)</c> would look first and rename then, and so let two creators win.)
/// </summary>
internal sealed class LinuxPublisher(LinuxTree tree, LinuxObjects objects, string hiddenPath, bool fsync)
{
    public FileFacts Publish(LinuxTemporaryFile temporary, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken)
    {
        SyncContent(temporary, place);
        var status = LinuxFile.Status(temporary.Handle) ?? throw LocalErrors.FromErrno(Libc.LastError, "look at", temporary.Path, place);
        var facts = LinuxFile.Facts(status, temporary.Handle);
        var (path, name) = KeyPath.Split(key.Value);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What is to be replaced has its folder already.
            using var folder = tree.OpenFolder(path, create: condition.Kind != PutConditionKind.IfMatch, place) ?? throw VersionGone(key, place);
            var named = condition.Kind == PutConditionKind.IfAbsent
                ? Link(temporary, folder, name, key, place)
                : Replace(temporary, folder, name, key, condition, place, cancellationToken);
            if (!named)
                continue;
            try
            {
                tree.Sync(folder, key.Value, place);
            }
            catch (StoreException exception) when (condition.Kind != PutConditionKind.Any)
            {
                throw place.Error(StoreErrorKind.OutcomeUnknown, $"'{key}' was put, but the disk may not have it yet. {exception.Message}", exception);
            }
            return facts;
        }
    }

    private void SyncContent(LinuxTemporaryFile file, Place place)
    {
        while (fsync && Libc.Fsync(file.Handle) != 0)
        {
            if (Libc.LastError is Errno.Invalid or Errno.NotSupported)
                return;
            if (Libc.LastError != Errno.Interrupted)
                throw LocalErrors.FromErrno(Libc.LastError, "sync", file.Path, place);
        }
    }

    /// <summary>False when the folder vanished, and the caller makes it again.</summary>
    private bool Link(LinuxTemporaryFile file, SafeFileHandle folder, string name, StoreKey key, Place place)
    {
        if (Libc.LinkAt(file.Folder, file.Name, folder, name, 0) == 0)
            return true;
        switch (Libc.LastError)
        {
            case Errno.Exists:
                return objects.FindInTheWay(folder, name, key, place) is null
                    ? false
                    : throw place.Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{place.StoreName}'.");
            case Errno.NotFound:
                ThrowWhenSwept(file, place);
                return false;
            default:
                throw LocalErrors.FromErrno(Libc.LastError, "create", tree.Full(key.Value), place);
        }
    }

    /// <summary>False when the folder vanished, and the caller makes it again.</summary>
    private bool Replace(
        LinuxTemporaryFile file, SafeFileHandle folder, string name, StoreKey key, PutCondition condition, Place place, CancellationToken cancellationToken)
    {
        using var taken = KeyLock.Take(file.Folder, key, hiddenPath, place, cancellationToken);
        if (condition.Kind != PutConditionKind.IfMatch)
            _ = objects.FindInTheWay(folder, name, key, place);
        else if ((objects.Find(folder, name, key, place) ?? throw VersionGone(key, place)).Version != condition.Version)
            throw place.Error(StoreErrorKind.ConditionFailed, $"'{key}' was changed in '{place.StoreName}' meanwhile: it has another version than the one that was expected.");
        if (Libc.RenameAt(file.Folder, file.Name, folder, name) == 0)
        {
            file.HasName = false;
            return true;
        }
        switch (Libc.LastError)
        {
            case Errno.IsFolder:
                return false;
            case Errno.NotFound:
                ThrowWhenSwept(file, place);
                return false;
            default:
                throw LocalErrors.FromErrno(Libc.LastError, "replace", tree.Full(key.Value), place);
        }
    }

    private static StoreException VersionGone(StoreKey key, Place place) =>
        place.Error(StoreErrorKind.ConditionFailed, $"There is no '{key}' in '{place.StoreName}', so it has not the version that was expected.");

    private static void ThrowWhenSwept(LinuxTemporaryFile file, Place place)
    {
        if (LinuxFile.Status(file.Handle) is { Links: 0 })
        {
            throw place.Error(StoreErrorKind.Unavailable,
                $"The temporary file '{file.Path}' was removed while it was written. Nothing was stored; try again, and look for what cleans up that folder.");
        }
    }
}
